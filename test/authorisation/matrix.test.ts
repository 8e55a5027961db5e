import { afterAll, describe, expect, test } from "vitest";
import { readAppMap, endpointsOf } from "../../build/appMap.js";
import type { SandboxResponse } from "../../sandbox/index.js";
import { built, setApplication } from "../support/consortium.js";
import { furnished } from "../support/furnished.js";
import { agree } from "../support/party.js";
import { TokenIssuer } from "../support/tokens.js";
import { readMatrix } from "./table.js";

const world = await furnished(afterAll);
const { place, alice, bob, room, otherRoom } = world;
const [issuer, unknownIssuer] = [new TokenIssuer("https://issuer.example/"), new TokenIssuer("https://issuer.example/")];
await agree([alice, bob], issuer.setJwtIssuer);
const seconds = Math.floor(Date.now() / 1000);

type Sent = { readonly certificate?: Uint8Array; readonly headers?: Readonly<Record<string, string>>; readonly json?: unknown };

/** What some operations look at before the evidence. */
const wellFormed = { timestamp: "1700000000000", payload: "AAAA" };

/** How each caller sends a request; who is no clean room sends an empty object. */
const callers: Readonly<Record<string, () => Sent>> = {
  nobody: () => ({}),
  stranger: () => ({ certificate: world.stranger.der }),
  invited: () => ({ certificate: world.invited.der }),
  member: () => ({ certificate: alice.der }),
  removed: () => ({ certificate: world.removed.der }),
  operator: () => ({ certificate: world.operator.der }),
  user: () => ({ certificate: world.user.der }),
  "valid token": () => ({ headers: issuer.bearer({ exp: seconds + 3600 }) }),
  "expired token": () => ({ headers: issuer.bearer({ exp: seconds - 3600 }) }),
  "foreign issuer": () => ({ headers: issuer.bearer({ exp: seconds + 3600, iss: "https://other.example/" }) }),
  "foreign key": () => ({ headers: unknownIssuer.bearer({ exp: seconds + 3600 }) }),
  "clean room": () => ({ json: room.signed({}, wellFormed) }),
  "other room": () => ({ json: otherRoom.signed({}, wellFormed) }),
};

/** Something that is there, for each parameter of a path. */
const parameters: Readonly<Record<string, string>> = {
  contractId: "agreed",
  documentId: "agreed",
  option: "execution",
  secretName: "key",
  delegateType: "secrets",
  delegateId: `${alice.id}:key`,
  proposalId: world.proposals.contract,
};

const pathOf = (url: string): string =>
  `/app${url.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    if (value === undefined) throw new Error(`the test knows no ${name}`);
    return value;
  })}`;

const send = (verb: string, path: string, { json = {}, ...how }: Sent): Promise<SandboxResponse> =>
  place.service.request({ method: verb.toUpperCase(), url: path, json, ...how });

/** By error code; the legend is in the table. Any other answer is given to somebody who was let in. */
const KINDS: Readonly<Record<string, string>> = {
  InvalidAuthenticationInfo: "401",
  CallerNotAuthorized: "403",
  AttestationMissing: "evidence",
  VerifySnpAttestationFailed: "policy",
};

function kindOf(answer: SandboxResponse): string {
  expect(answer.status).toBeLessThan(500);
  if (answer.status < 300) return "ok";
  const { error } = answer.json() as { error: { code: string } };
  const kind = KINDS[error.code];
  if (kind === undefined) return "ok";
  expect(answer.headers, "what was refused is not written").not.toHaveProperty("x-ms-ccf-transaction-id");
  if (/^\d+$/.test(kind)) expect(answer.status).toBe(Number(kind));
  return kind;
}

const matrix = await readMatrix();
const rows = endpointsOf(await readAppMap(process.cwd())).map(({ url, verb, endpoint }) => ({
  name: `${verb.toUpperCase()} ${url}`,
  url,
  verb,
  endpoint,
}));

test("the table has a row for each operation of the application, and no others", () => {
  expect([...matrix.keys()].sort()).toEqual(rows.map(({ name }) => name).sort());
});

describe.each(rows)("$name", ({ name, url, verb, endpoint }) => {
  test("lets in whom the table lets in, and tells all others what it says there", async () => {
    const answers: Record<string, string> = {};
    for (const [caller, how] of Object.entries(callers)) answers[caller] = kindOf(await send(verb, pathOf(url), how()));
    expect(answers).toEqual(matrix.get(name));
  });

  test("takes nothing from a member who has not acknowledged yet, who may read what members read", () => {
    const { invited, member } = matrix.get(name) ?? {};
    if (!endpoint.authn_policies.includes("member_cert")) expect(invited).toBe(member);
    else expect(invited).toBe(endpoint.mode === "readonly" ? "ok" : "403");
  });
});

test("the tokens are what they are said to be: an operation that took tokens would let in the valid one alone", async () => {
  const { metadata, modules } = await built.bundle();
  const probe = {
    js_module: "probe.js",
    js_function: "probe",
    mode: "readonly",
    forwarding_required: "sometimes",
    authn_policies: ["jwt"],
  };
  const withProbe = {
    metadata: { endpoints: { ...metadata.endpoints, "/probe": { get: probe } } },
    modules: [...modules, { name: "probe.js", module: "export const probe = () => ({ body: {} });" }],
  };
  await agree([alice, bob], setApplication(withProbe));
  const lets: Record<string, number> = {};
  for (const [caller, how] of Object.entries(callers)) {
    if ("authorization" in (how().headers ?? {})) lets[caller] = (await send("get", "/app/probe", how())).status;
  }
  expect(lets).toEqual({ "valid token": 200, "expired token": 401, "foreign issuer": 401, "foreign key": 401 });
});
