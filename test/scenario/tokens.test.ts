import { randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ManagedIdentity } from "../../azure/resources.js";
import { released } from "../../cleanroom/contract.js";
import type { AttestRequest } from "../../sandbox/index.js";
import { agree } from "../support/party.js";
import {
  agreedContract,
  AUDIENCE,
  cleanRoomOf,
  createResources,
  governanceToken,
  issueTokens,
  refusalOf,
  scenario,
  setupAccess,
  type Scenario,
} from "./place.js";

const SECRET = "wrapped-cowin-dek";

let at: Scenario;
let identity: ManagedIdentity;
let vault: string;
let issuer: string;

/** Contracts c1 and c2 are agreed on; the publisher has let the clean room of c1 in, and the consumer that of c2. */
beforeAll(async () => {
  at = await scenario(afterAll);
  await issueTokens(at);
  await agreedContract(at, "c1");
  await agreedContract(at, "c2");
  const ids = await createResources(at, "publisher");
  await createResources(at, "consumer");
  vault = at.cloud().vaultEndpointOf(ids.vault);
  await at.cloud().vault(vault).setSecret(SECRET, "c2VjcmV0");
  const { out } = await at.run([...setupAccess("publisher", "c1", "tdp"), "--output", "json"]);
  const made = JSON.parse(out) as { identity: ManagedIdentity; federatedCredential: { issuer: string } };
  identity = made.identity;
  issuer = made.federatedCredential.issuer;
  expect((await at.run(setupAccess("consumer", "c2", "tdc"))).status).toBe(0);
}, 90_000);

/** What becomes of the publisher's secret for whoever has this token. */
async function outcome(assertion: string): Promise<string> {
  const credential = at.cloud().federated(identity, () => Promise.resolve(assertion));
  return at
    .cloud()
    .vault(vault, credential)
    .getSecret(SECRET)
    .catch((error: unknown) => (error as Error).message);
}

const NO_RECORD = /AADSTS700213: No matching federated identity record/;
const NOT_NOW = /AADSTS700024: Client assertion is not within its valid time range/;

test("the agreed clean room's token opens the publisher's vault", async () => {
  expect(await outcome(await governanceToken(at, "c1"))).toBe("c2VjcmV0");
});

test.each<[string, Partial<AttestRequest>, RegExp]>([
  ["a clean room of other host data", { hostData: Buffer.alloc(32, 0x66) }, /x-ms-sevsnpvm-hostdata is "(66){32}", the policy wants/],
  ["a clean room that can be debugged", { debug: true }, /debugging must not be enabled/],
])("%s gets no token", async (_, report, reason) => {
  const refusal = await refusalOf(governanceToken(at, "c1", {}, cleanRoomOf(at, "c1", report)));
  expect(refusal).toMatch(/^VerifySnpAttestationFailed: /);
  expect(refusal).toMatch(reason);
});

test("the token of another contract's clean room is refused, whether governance or the token service is asked for it", async () => {
  expect(await outcome(await governanceToken(at, "c2"))).toMatch(NO_RECORD);
  const refusal = await refusalOf(governanceToken(at, "c2", { subject: "c1" }));
  expect(refusal).toMatch(/^SubjectNotAllowed: /);
});

test("a token for another audience is refused", async () => {
  expect(await outcome(await governanceToken(at, "c1", { audience: "api://another" }))).toMatch(NO_RECORD);
});

test("a token that has expired, or is not valid yet, is refused, although the service has signed it", async () => {
  const now = Math.floor(Date.now() / 1000);
  const dated = (iat: number): Promise<string> => {
    const query = { nbf: iat, iat, exp: iat + 300, jti: randomUUID(), sub: "c1", tid: at.tenantId, aud: AUDIENCE };
    const words = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return released(cleanRoomOf(at, "c1"), `/oauth/token?${words.join("&")}`);
  };
  expect(await outcome(await dated(now - 900))).toMatch(NOT_NOW);
  expect(await outcome(await dated(now + 900))).toMatch(NOT_NOW);
  expect(await outcome(await dated(now))).toBe("c2VjcmV0");
});

/** Somebody with a storage account in the same cloud makes an issuer of his own, with keys of his own. */
async function rogueIssuer(named?: string) {
  const { privateKey, publicKey } = await generateKeyPair("PS256");
  const { storage } = await createResources(at, "rogue");
  const endpoint = at.cloud().blobEndpointOf(storage);
  const container = `oidc-${randomUUID()}`;
  await at.cloud().blobs(endpoint).createContainer(container, { publicRead: true });
  const url = `${endpoint}${container}`;
  const put = (name: string, content: unknown) =>
    at
      .cloud()
      .blobs(endpoint)
      .container(container)
      .put(name, Buffer.from(JSON.stringify(content)));
  await put(".well-known/openid-configuration", { issuer: named ?? url, jwks_uri: `${url}/openid/v1/jwks` });
  await put("openid/v1/jwks", { keys: [{ ...(await exportJWK(publicKey)), kid: "key-1", use: "sig", alg: "PS256" }] });
  const now = Math.floor(Date.now() / 1000);
  const sign = (iss: string): Promise<string> =>
    new SignJWT({ iss, sub: "c1", aud: AUDIENCE, iat: now, nbf: now, exp: now + 300, jti: randomUUID() })
      .setProtectedHeader({ alg: "PS256", typ: "JWT", kid: "key-1" })
      .sign(privateKey);
  return { url, sign };
}

test("keys that somebody publishes at another URL make no token that is believed", async () => {
  const rogue = await rogueIssuer();
  expect(await outcome(await rogue.sign(rogue.url))).toMatch(NO_RECORD);
  expect(await outcome(await rogue.sign(issuer))).toMatch(/AADSTS700027: Client assertion failed signature validation/);
  const posing = await rogueIssuer(issuer);
  expect(await outcome(await posing.sign(issuer))).toMatch(/AADSTS700027: /);
  expect(await outcome(await posing.sign(posing.url))).toMatch(NO_RECORD);
});

test("nobody of another tenant can set the issuer of a tenant, and who has none sets none", async () => {
  const rogue = await rogueIssuer();
  const set = (name: "isv" | "tdc") => at.members[name].call("POST", "/app/oidc/setIssuerUrl", { url: rogue.url });
  expect(await set("isv")).toMatchObject({ status: 400, body: { error: { code: "NoTenantIdMemberData" } } });
  const tenantOf = (tenantId: string) => ({
    name: "set_member_data",
    args: { member_id: at.members.tdc.id, member_data: { identifier: "tdc", tenantId } },
  });
  await agree(at.everybody, tenantOf("another-tenant"));
  expect((await set("tdc")).status).toBe(200);
  expect((await at.members.tdp.call("GET", "/app/oidc/issuerInfo")).body).toMatchObject({ tenantData: { issuerUrl: issuer } });
  const token = await governanceToken(at, "c1");
  expect(await outcome(token)).toBe("c2VjcmV0");
  expect(await outcome(await governanceToken(at, "c1", { tenantId: "another-tenant" }))).toMatch(NO_RECORD);
  await agree(at.everybody, tenantOf(at.tenantId));
});

test("where a member of the same tenant names another issuer, tokens name one that the identity does not believe", async () => {
  const rogue = await rogueIssuer();
  expect((await at.members.tdc.call("POST", "/app/oidc/setIssuerUrl", { url: rogue.url })).status).toBe(200);
  expect(await outcome(await governanceToken(at, "c1"))).toMatch(NO_RECORD);
  expect(await outcome(await rogue.sign(rogue.url))).toMatch(NO_RECORD);
  await at.members.tdp.call("POST", "/app/oidc/setIssuerUrl", { url: issuer });
  expect(await outcome(await governanceToken(at, "c1"))).toBe("c2VjcmV0");
});

test("while the publisher has disabled the execution of a contract, its clean room gets no token", async () => {
  const { status } = await at.run([
    ...["governance", "contract", "runtime-option", "set", "--option", "execution", "--action", "disable"],
    ...["--contract-id", "c1", "--governance-client", "tdp-client"],
  ]);
  expect(status).toBe(0);
  expect(await refusalOf(governanceToken(at, "c1"))).toMatch(/^ContractDisabled: /);
  expect(await outcome(await governanceToken(at, "c2"))).toMatch(NO_RECORD);
  await at.members.tdp.call("POST", "/app/contracts/c1/enable");
  expect(await outcome(await governanceToken(at, "c1"))).toBe("c2VjcmV0");
});
