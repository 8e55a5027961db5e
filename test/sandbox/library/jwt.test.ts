import { generateKeyPairSync, sign } from "node:crypto";
import { expect, test } from "vitest";
import type { Sandbox } from "../../../sandbox/index.js";
import { functions, start } from "./application.js";

const app = functions("export function who(request) { return { body: request.caller.policy }; }", { authn_policies: ["jwt"] });
const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const jwk = (kid: string, issuer: string): object => ({ ...publicKey.export({ format: "jwk" }), kid, issuer });

/** The answer to a token of key `kid`, and its reason when it is refused. */
async function present(sandbox: Sandbox, kid: string, payload: Readonly<Record<string, unknown>>): Promise<readonly [number, string?]> {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "ES256", kid, typ: "JWT" })}.${part({ exp: 4e9, ...payload })}`;
  const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url");
  const answer = await sandbox.request({ url: "/app/who", headers: { authorization: `Bearer ${signed}.${signature}` } });
  if (answer.status === 200) return [200];
  const { error } = answer.json() as { error: { message: string; details?: readonly { message: string }[] } };
  return [answer.status, error.details?.[0]?.message ?? error.message];
}

test("a token of Microsoft Entra counts only for the tenant that its issuer names", async () => {
  const { sandbox } = await start(app);
  const base = "https://login.microsoftonline.com";
  const constraints = { any: `${base}/{tenantid}/v2.0`, one: `${base}/t1/v2.0`, deep: `${base}/x/{tenantid}/v2.0`, none: base };
  const keys = Object.entries(constraints).map(([kid, constraint]) => jwk(kid, constraint));
  const issuer = `${base}/common/v2.0`;
  await sandbox.open({ actions: [{ name: "set_jwt_issuer", args: { issuer, jwks: { keys } } }] });
  const refused = (kid: keyof typeof constraints) => [401, `Kid ${kid} failed issuer constraint validation ${constraints[kid]}`];

  expect(await present(sandbox, "any", { iss: `${base}/t1/v2.0`, tid: "t1" })).toEqual([200]);
  expect(await present(sandbox, "any", { iss: `${base}/t1/v2.0`, tid: "t2" })).toEqual(refused("any"));
  expect(await present(sandbox, "any", { iss: `${base}/t1/v2.0` })).toEqual(refused("any"));
  expect(await present(sandbox, "any", { iss: `${base}/a/b/v2.0`, tid: "a/b" })).toEqual(refused("any"));
  expect(await present(sandbox, "any", { iss: `${base}/$&/v2.0`, tid: "$&" })).toEqual([200]);
  expect(await present(sandbox, "one", { iss: constraints.one, tid: "t1" })).toEqual([200]);
  expect(await present(sandbox, "one", { iss: constraints.one, tid: "t2" })).toEqual(refused("one"));
  expect(await present(sandbox, "one", { iss: constraints.one })).toEqual(refused("one"));
  expect(await present(sandbox, "deep", { iss: `${base}/x/t1/v2.0`, tid: "t1" })).toEqual(refused("deep"));
  expect(await present(sandbox, "none", { iss: base, tid: "" })).toEqual(refused("none"));
});

test("a token's tenant is text, and null is none", async () => {
  const { sandbox } = await start(app);
  const issuer = "https://issuer.example/x";
  await sandbox.open({ actions: [{ name: "set_jwt_issuer", args: { issuer, jwks: { keys: [jwk("k", issuer)] } } }] });
  expect(await present(sandbox, "k", { iss: issuer, tid: null, nbf: null })).toEqual([200]);
  expect(await present(sandbox, "k", { iss: issuer, tid: "" })).toEqual([401, `Kid k failed issuer constraint validation ${issuer}`]);
  expect(await present(sandbox, "k", { iss: issuer, tid: 1 })).toEqual([
    400,
    "[json.exception.type_error.302] type must be string, but is number",
  ]);
});

test("a token whose header is no JSON is refused in the words of CCF's JSON library", async () => {
  const { sandbox } = await start(app);
  const header = Buffer.from('{"alg": ES256}').toString("base64url");
  const answer = await sandbox.request({ url: "/app/who", headers: { authorization: `Bearer ${header}.e30.AA` } });
  const problem = "parse error at line 1, column 9: syntax error while parsing value - invalid literal; last read: '\"alg\": E'";
  const message = `JWT header or payload is not valid JSON: [json.exception.parse_error.101] ${problem}`;
  expect(answer.status).toBe(401);
  expect(answer.json()).toMatchObject({ error: { details: [{ auth_policy: "jwt", message }] } });
});
