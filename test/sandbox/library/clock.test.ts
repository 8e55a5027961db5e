import { generateKeyPairSync, sign } from "node:crypto";
import { expect, test } from "vitest";
import { newIdentity } from "../../../sandbox/index.js";
import { functions, start, status } from "./application.js";

const START = new Date("2031-05-06T07:08:09Z");
const clock = { startsAt: START };

const app = functions(`
  export function write() { ccf.kv["t"].set(ccf.strToBuf("k"), ccf.strToBuf("v")); return {}; }
  export function time() { ccf.enableUntrustedDateTime(true); return { body: Date.now() }; }`);

test("with a virtual clock nothing is signed before the test says so", async () => {
  const { sandbox } = await start(app, { clock: "virtual", signatures: { milliseconds: 1000 } });
  await sandbox.sign();
  const { transactionId } = await sandbox.request({ url: "/app/write" });
  expect(await status(sandbox, transactionId)).toBe("Pending");
  await sandbox.advance(999);
  expect(await status(sandbox, transactionId)).toBe("Pending");
  await sandbox.advance(1);
  expect(await status(sandbox, transactionId)).toBe("Committed");
});

test("sign() makes a transaction committed at once, whatever the clock", async () => {
  for (const options of [{ clock: "virtual" }, { signatures: { milliseconds: 1_000_000 } }] as const) {
    const { sandbox } = await start(app, options);
    const { transactionId } = await sandbox.request({ url: "/app/write" });
    expect(await status(sandbox, transactionId)).toBe("Pending");
    await sandbox.sign();
    expect(await status(sandbox, transactionId)).toBe("Committed");
    await sandbox.sign(); // nothing left to sign
  }
});

test("applications see the virtual time where they ask for the time of the host", async () => {
  const { sandbox } = await start(app, { clock });
  expect((await sandbox.request({ url: "/app/time" })).json()).toBe(START.getTime());
  await sandbox.advance(86_400_000);
  expect((await sandbox.request({ url: "/app/time" })).json()).toBe(sandbox.now());
  expect(sandbox.now()).toBe(START.getTime() + 86_400_000);
});

test("users' certificates and tokens expire by the virtual clock", async () => {
  const who = "export function who(request) { return { body: request.caller.policy }; }";
  const { sandbox } = await start(functions(who, { authn_policies: ["user_cert", "jwt"] }), { clock });
  const carol = await newIdentity("carol", { notBefore: START, notAfter: new Date(START.getTime() + 60_000) });
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const jwks = { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k" }] };
  const issuer = "https://issuer.example";
  const actions = [
    { name: "set_user", args: { cert: carol.certificate } },
    { name: "set_jwt_issuer", args: { issuer, jwks } },
  ];
  await sandbox.open({ actions });
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "ES256", kid: "k", typ: "JWT" })}.${part({ iss: issuer, exp: START.getTime() / 1000 + 60 })}`;
  const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url");
  const ask = async () => {
    const byToken = { url: "/app/who", headers: { authorization: `Bearer ${signed}.${signature}` } };
    return Promise.all([{ url: "/app/who", by: carol }, byToken].map(async (request) => (await sandbox.request(request)).status));
  };
  expect(await ask()).toEqual([200, 200]);
  await sandbox.advance(61_000);
  expect(await ask()).toEqual([401, 401]);
});

test("time that goes by itself cannot be put forward, and no time goes back", async () => {
  const real = await start();
  await expect(real.sandbox.advance(1)).rejects.toThrow('start the sandbox with clock: "virtual"');
  expect(Math.abs(real.sandbox.now() - Date.now())).toBeLessThan(60_000);
  const { sandbox } = await start(undefined, { clock: "virtual" });
  for (const milliseconds of [-1, NaN, Infinity]) await expect(sandbox.advance(milliseconds)).rejects.toThrow(RangeError);
  await expect(start(undefined, { clock: { startsAt: new Date(NaN) } })).rejects.toThrow("invalid date");
  for (const none of ["real", null, {}, { startsAt: "2030-01-01" }]) {
    const starting = start(undefined, { clock: none as never }); // as in JavaScript
    await expect(starting).rejects.toMatchObject({ name: "SandboxError", message: expect.stringContaining("the clock is none") as string });
  }
});

test("a service that has ended signs nothing", async () => {
  const { sandbox } = await start(undefined, { clock: "virtual" });
  await sandbox.stop();
  await expect(sandbox.sign()).rejects.toThrow("the service has ended");
  await expect(sandbox.advance(1)).rejects.toThrow("the service has ended");
});

test("virtual time goes on, and what waits to be signed is, when a guest has wedged the enclave", async () => {
  const wedge = `export function wedge() { /^(a+)+$/.test("a".repeat(60) + "!"); return {}; }`;
  const { sandbox } = await start(
    functions(`${wedge} export function time() { ccf.enableUntrustedDateTime(true); return { body: Date.now() }; }`),
    {
      clock,
    },
  );
  await sandbox.advance(5000);
  await sandbox.sign();
  const [wedged] = await Promise.all([sandbox.request({ url: "/app/wedge" }), sandbox.sign()]);
  expect(wedged).toMatchObject({ status: 500 });
  expect((await sandbox.request({ url: "/app/time" })).json()).toBe(START.getTime() + 5000);
});
