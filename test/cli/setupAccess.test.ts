import { generateKeyPairSync } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Credential } from "../../azure/tokens.js";
import type { FederatedCredential } from "../../azure/management.js";
import {
  agreedContract,
  attestationFor,
  createResources,
  governanceToken,
  issueTokens,
  refusalOf,
  scenario,
  setupAccess,
  type Scenario,
} from "../scenario/place.js";
import { collected } from "../cleanroom/blocks/streams.js";
import { HOST_DATA } from "../support/cleanRoom.js";
import { agree, setContract } from "../support/party.js";

let at: Scenario;
let issuer: string;
beforeAll(async () => {
  at = await scenario(afterAll);
}, 60_000);

const infoOf = async (name: "isv" | "tdp" | "tdc") => (await at.members[name].call("GET", "/app/oidc/issuerInfo")).body;

/** The line that a call is refused with; neither the cloud nor governance has changed by it. */
async function refused(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const before = [await at.cloudState(), await infoOf("tdp"), await infoOf("tdc")];
  const { status, out, notes } = await at.run(words, env);
  expect({ status, out }).toEqual({ status: 1, out: "" });
  expect([await at.cloudState(), await infoOf("tdp"), await infoOf("tdc")]).toEqual(before);
  return notes;
}

type Result = {
  readonly identity: { readonly clientId: string; readonly tenantId: string; readonly principalId: string };
  readonly federatedCredential: FederatedCredential & { readonly name: string };
  readonly roles: readonly { readonly role: string; readonly scope: string }[];
};

async function done(words: readonly string[]): Promise<Result & { readonly notes: string }> {
  const { status, out, notes } = await at.run([...words, "--output", "json"]);
  if (status !== 0) throw new Error(notes);
  return { ...(JSON.parse(out) as Result), notes };
}

/** A key that the person puts into a vault for the clean room comes to it. */
async function releasedTo(endpoint: string, credential: Credential): Promise<void> {
  const cloud = at.cloud();
  const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
  const authority = cloud.attestationEndpoint ?? "";
  await cloud.vault(endpoint).importKey("kek", key, {
    releasePolicy: { version: "1.0.0", anyOf: [{ authority, allOf: [{ claim: "x-ms-sevsnpvm-hostdata", equals: HOST_DATA }] }] },
    operations: ["wrapKey"],
  });
  const room = await attestationFor(at);
  expect(await cloud.vault(endpoint, credential).release("kek", await room.token(), room.privateKey)).toEqual(key);
}

test("access is refused in one line each, with nothing changed, until governance and the cloud are ready for it", async () => {
  const call = setupAccess("publisher", "c1", "tdp");
  expect(await refused(call)).toMatch(/^error: contract "c1" has no accepted clean room policy with x-ms-sevsnpvm-hostdata: .*[^\n]$/);
  await agree(at.everybody, setContract("c1"));
  expect(await refused(call)).toMatch(/^error: contract "c1" has no accepted clean room policy/);
  await agreedContract(at, "c2");
  const c2 = setupAccess("publisher", "c2", "tdp");
  expect(await refused(c2)).toBe(
    "error: the service issues no tokens to clean rooms yet: propose it with cleanroom governance oidc-issuer propose-enable",
  );
  await agree(at.everybody, { name: "enable_oidc_issuer", args: { kid: "key" } });
  expect(await refused(c2)).toBe(
    "error: the service has no key to sign tokens with yet: make it with cleanroom governance oidc-issuer generate-signing-key",
  );
  await issueTokens(at);
  expect(await refused(c2)).toBe(
    'error: resource group "publisher" has no vault: make the resources of this party before: ' +
      "cleanroom sandbox azure create-resources --resource-group publisher --kv-type akvpremium",
  );
  expect(await refused(setupAccess("../x", "c2", "tdp"))).toBe('error: "../x" is no name of a resource group');
  expect(await refused(setupAccess("publisher", "a.b", "tdp"))).toMatch(/^error: an identity cannot be federated with contract "a\.b": /);
  expect(await refused(setupAccess("publisher", "c2", "tdp").slice(0, -1).concat("nobody"))).toMatch(
    /^error: there is no governance client "nobody"/,
  );
});

test("after it, a token of governance opens the vault for the identity of the party, with the roles that a clean room needs", async () => {
  const ids = await createResources(at, "publisher");
  const cloud = at.cloud();
  const endpoint = cloud.vaultEndpointOf(ids.vault);
  await cloud.vault(endpoint).setSecret("wrapped-cowin-dek", "c2VjcmV0");
  const { notes, ...result } = await done(setupAccess("publisher", "c2", "tdp"));
  issuer = result.federatedCredential.issuer;
  expect(issuer).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/sapublisher\/cgs-oidc\/[0-9a-f]{32}$/);
  expect(notes.split("\n")).toEqual([
    `${issuer} has the keys of the service now`,
    "mipublisher takes tokens of the service for c2",
    "Storage Blob Data Contributor for sapublisher",
    "Key Vault Secrets User for kvpublisher",
    "Key Vault Crypto Service Release User for kvpublisher",
  ]);
  expect(result).toMatchObject({
    contractId: "c2",
    tenantId: at.tenantId,
    identity: await cloud.identityOf(ids.identity),
    federatedCredential: { name: "c2-federation", issuer, subject: "c2", audiences: ["api://AzureADTokenExchange"] },
  });
  expect(await infoOf("tdp")).toMatchObject({ tenantData: { tenantId: at.tenantId, issuerUrl: issuer } });

  const asIdentity = cloud.vault(
    endpoint,
    cloud.federated(result.identity, () => governanceToken(at, "c2")),
  );
  expect(await asIdentity.getSecret("wrapped-cowin-dek")).toBe("c2VjcmV0");
  expect(await refusalOf(asIdentity.setSecret("wrapped-cowin-dek", "x"))).toMatch(/^Forbidden: /);
  await releasedTo(
    endpoint,
    cloud.federated(result.identity, () => governanceToken(at, "c2")),
  );
});

test("it tells in five lines what there is now", async () => {
  const { identity } = await done(setupAccess("publisher", "c2", "tdp"));
  const { status, out } = await at.run(setupAccess("publisher", "c2", "tdp"));
  expect({ status, lines: out.split("\n") }).toEqual({
    status: 0,
    lines: [
      `Issuer      ${issuer}`,
      `Credential  c2-federation of client ${identity.clientId}`,
      "Roles       Storage Blob Data Contributor for sapublisher",
      "            Key Vault Secrets User for kvpublisher",
      "            Key Vault Crypto Service Release User for kvpublisher",
      "",
    ],
  });
});

test("what is published is what the service says of the tenant's issuer, as JSON for everybody", async () => {
  const { Agent, request } = await import("undici");
  const dispatcher = new Agent({ connect: { ca: at.cloud().ca ?? "" } });
  const read = async (path: string) => {
    const { headers, body, statusCode } = await request(`${issuer}/${path}`, { dispatcher });
    return { statusCode, type: headers["content-type"], body: await body.json() };
  };
  const discovery = await at.members.isv.call("GET", `/app/oidc/.well-known/openid-configuration?tid=${at.tenantId}`);
  const keys = await at.members.isv.call("GET", "/app/oidc/keys");
  const found = { statusCode: 200, type: "application/json" };
  expect(await read(".well-known/openid-configuration")).toEqual({ ...found, body: discovery.body });
  expect(await read("openid/v1/jwks")).toEqual({ ...found, body: keys.body });
  await dispatcher.close();
});

test("called again it changes nothing and says the same", async () => {
  const first = await done(setupAccess("publisher", "c2", "tdp"));
  const state = await at.cloudState();
  const second = await done(setupAccess("publisher", "c2", "tdp"));
  expect(second).toEqual(first);
  expect(second.notes).toContain(`${issuer} has the keys of the service already`);
  expect(await at.cloudState()).toBe(state);
});

test("a second party of the tenant uses the issuer of the first, with an identity of its own", async () => {
  const ids = await createResources(at, "consumer");
  const { federatedCredential, identity } = await done(setupAccess("consumer", "c2", "tdc"));
  expect(federatedCredential.issuer).toBe(issuer);
  const cloud = at.cloud();
  const endpoint = cloud.vaultEndpointOf(ids.vault);
  await cloud.vault(endpoint).setSecret("wrapped-model-dek", "bW9kZWw=");
  const asIdentity = cloud.federated(identity, () => governanceToken(at, "c2"));
  expect(await cloud.vault(endpoint, asIdentity).getSecret("wrapped-model-dek")).toBe("bW9kZWw=");
  const publisher = cloud.vault(cloud.vaultEndpointOf(endpoint.replace("kvconsumer", "kvpublisher")), asIdentity);
  expect(await refusalOf(publisher.getSecret("wrapped-cowin-dek"))).toMatch(/^Forbidden: /);
});

test("keys that were rotated are published anew, at the same issuer", async () => {
  await agree(at.everybody, { name: "oidc_issuer_enable_rotate_signing_key", args: {} });
  await at.members.isv.call("POST", "/app/oidc/generateSigningKey");
  const { identity } = await done(setupAccess("publisher", "c2", "tdp"));
  await done(setupAccess("consumer", "c2", "tdc"));
  const credential = at.cloud().federated(identity, () => governanceToken(at, "c2"));
  expect(await credential.token("https://vault.azure.net/.default")).toMatch(/^ey/);
});

test("keys that somebody has put beside those of the service are taken away again", async () => {
  const keys = (await at.members.isv.call("GET", "/app/oidc/keys")).body as { readonly keys: readonly object[] };
  const [, endpoint = "", folder = ""] = /^(.*\/)cgs-oidc\/(.*)$/.exec(issuer) ?? [];
  const rogue = JSON.stringify({ keys: [...keys.keys, { ...keys.keys[0], kid: "rogue" }] });
  const container = at.cloud().blobs(endpoint).container("cgs-oidc");
  await container.put(`${folder}/openid/v1/jwks`, Buffer.from(rogue));
  expect((await done(setupAccess("publisher", "c2", "tdp"))).notes).toContain(`${issuer} has the keys of the service now`);
  const { content } = await container.get(`${folder}/openid/v1/jwks`);
  expect(JSON.parse((await collected(content)).toString())).toEqual(keys);
});

test("a group with more than one of a kind is refused, until a file says which is meant", async () => {
  const ids = await createResources(at, "twice");
  await at
    .cloud()
    .management()
    .create(ids.storage.replace(/satwice$/, "sasecond"));
  const call = setupAccess("twice", "c2", "tdp");
  expect(await refused(call)).toBe(
    'error: resource group "twice" has more than one storage account (satwice, sasecond): say which with --resources FILE, the JSON that lists them',
  );
  const file = join(at.folder, "resources.json");
  await writeFile(file, JSON.stringify({ sa: { id: ids.storage }, mi: { id: ids.identity }, dek: { kv: { id: ids.vault } } }));
  expect(await refused([...call, "--resources", file])).toBe(
    `error: ${file} has no resource id at kek.kv.id: give what \`sandbox azure create-resources\` printed`,
  );
  const kv = { id: ids.vault };
  await writeFile(file, JSON.stringify({ sa: { id: ids.storage }, mi: { id: ids.identity }, dek: { kv }, kek: { kv } }));
  expect((await done([...call, "--resources", file])).roles.map(({ scope }) => scope)).toEqual([ids.storage, ids.vault, ids.vault]);
});

test("where keys are in a managed HSM, the identity gets that one's own role, and has them released", async () => {
  const cloud = at.cloud();
  const ids = await createResources(at, "hsm");
  const hsm = ids.vault.replace("/vaults/kvhsm", "/managedHSMs/hsmhsm");
  await cloud.management().create(hsm);
  const { roles, identity, notes } = await done(setupAccess("hsm", "c2", "tdp"));
  expect(roles.map(({ role }) => role)).toContain("Managed HSM Crypto Service Release User");
  expect(notes).toContain("Managed HSM Crypto Service Release User for hsmhsm");
  const endpoint = cloud.vaultEndpointOf(hsm);
  const asIdentity = cloud.federated(identity, () => governanceToken(at, "c2"));
  await releasedTo(endpoint, asIdentity);
  await done(setupAccess("hsm", "c2", "tdp"));
  const { assignHsmRole } = await import("../../azure/hsmAccess.js");
  const assign = (to: string, credential: Credential) =>
    assignHsmRole(to, { credential, ca: cloud.ca }, identity.principalId, "Managed HSM Crypto Service Release User");
  expect(await refusalOf(assign(endpoint, asIdentity))).toMatch(/^Forbidden: .*no role that allows assignRoles/);
  expect(await refusalOf(assign(cloud.vaultEndpointOf(ids.vault), asIdentity))).toMatch(/^VaultNotFound: .*no managed HSM kvhsm/);
});

test("a member of another tenant than the identity's, or of none, is refused: tokens would name no issuer", async () => {
  const { id } = at.members.tdc;
  const data = (tenantId: string) => ({ name: "set_member_data", args: { member_id: id, member_data: { identifier: "tdc", tenantId } } });
  await agree(at.everybody, data("another"));
  const line = (name: string, belongs: string): string =>
    `error: the managed identity belongs to tenant ${at.tenantId}, and this member to ${belongs}: propose it with ` +
    `cleanroom governance member set-tenant-id --identifier ${name} --tenant-id ${at.tenantId}`;
  expect(await refused(setupAccess("consumer", "c2", "tdc"))).toBe(line("tdc", "another"));
  expect(await refused(setupAccess("consumer", "c2", "isv"))).toBe(line("isv", "none"));
  await agree(at.everybody, data(at.tenantId));
});

test("an issuer where the caller cannot publish is refused, and named with what to do", async () => {
  await agree(at.everybody, { name: "oidc_issuer_enable_rotate_signing_key", args: {} });
  await at.members.isv.call("POST", "/app/oidc/generateSigningKey");
  for (const url of [
    "https://issuer.example/cgs",
    `${new URL(issuer).origin}/sasomebody/cgs-oidc/x`,
    "https://127.0.0.1:9/sapublisher/cgs-oidc/x",
  ]) {
    await at.members.tdp.call("POST", "/app/oidc/setIssuerUrl", { url });
    const line = await refused(setupAccess("publisher", "c2", "tdp"));
    expect(line).toContain(`name the issuer ${url}, which does not have the keys of the service, and you cannot publish there`);
    expect(line).toMatch(
      /set-issuer-url --url https:\/\/127\.0\.0\.1:\d+\/sapublisher\/cgs-oidc\/[0-9a-f]{32}, and then let all its members/,
    );
    expect(line).not.toContain("\n");
  }
  // What the line says to do.
  await at.members.tdp.call("POST", "/app/oidc/setIssuerUrl", { url: issuer });
  expect((await done(setupAccess("publisher", "c2", "tdp"))).federatedCredential.issuer).toBe(issuer);
});
