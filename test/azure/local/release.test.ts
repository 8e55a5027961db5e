import { generateKeyPairSync } from "node:crypto";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeJwt, generateKeyPair, SignJWT } from "jose";
import { beforeAll, expect, test } from "vitest";
import { VirtualTee } from "../../../sandbox/enclave/snp/virtual.js";
import { openCloud } from "../../../azure/cloud.js";
import type { ReleasePolicy } from "../../../azure/vault.js";
import { startLocalCloud } from "../../../azure/local/index.js";
import { hostData, ids, localCloud, refusalOf, type LocalSetting } from "./support.js";

let at: LocalSetting;
beforeAll(async () => {
  at = await localCloud();
  return at.close;
}, 60_000);

const policyFor = (digest: string, authority = at.attestation): ReleasePolicy => ({
  version: "1.0.0",
  anyOf: [
    {
      authority,
      allOf: [
        { claim: "x-ms-attestation-type", equals: "sevsnpvm" },
        { claim: "x-ms-compliance-status", equals: "azure-compliant-uvm" },
        { claim: "x-ms-sevsnpvm-hostdata", equals: digest },
      ],
    },
  ],
});

async function vaultWith(name: string, releasePolicy: ReleasePolicy) {
  const { cloud } = at;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = privateKey.export({ format: "jwk" });
  const endpoint = cloud.vaultEndpointOf(ids.vault);
  await cloud.vault(endpoint).importKey(name, key, { releasePolicy, operations: ["encrypt", "wrapKey"] });
  return { key, endpoint, vault: cloud.vault(endpoint) };
}

/** The person may release a key here, too, so that what refuses is the policy. */
async function personMayRelease(): Promise<void> {
  const { principalId } = await person();
  await at.cloud.management().assignRole(ids.vault, principalId, "Key Vault Crypto Service Release User");
}

async function person(): Promise<{ principalId: string }> {
  const state = JSON.parse(await readFile(join(at.folder, "cloud.json"), "utf8")) as { person: { principalId: string } };
  return state.person;
}

test("a key is released to the agreed clean room, wrapped to the key that its report speaks of", async () => {
  const { key, vault } = await vaultWith("kek-c1", policyFor(hostData));
  const room = at.evidence();
  const token = await at.cloud.attest(at.attestation, room.evidence);
  expect(decodeJwt(token)).toMatchObject({ iss: at.attestation, "x-ms-sevsnpvm-hostdata": hostData, "x-ms-sevsnpvm-is-debuggable": false });
  expect(await refusalOf(vault.release("kek-c1", token, room.privateKey))).toMatch(/^Forbidden: .* no role that allows releaseKeys/);
  await personMayRelease();
  expect(await vault.release("kek-c1", token, room.privateKey)).toEqual(key);
  expect(await refusalOf(vault.release("kek-c1", token, at.evidence().privateKey))).toMatch(/^NotForThisKey: /);
  const shown = await vault.getKey("kek-c1");
  expect(shown).toEqual({ key: { kty: "RSA", n: key.n, e: key.e }, releasePolicy: policyFor(hostData) });
  expect(await vault.getKey("absent")).toBeUndefined();
});

test("no key is released for another hash, another authority, an unsigned token or a changed one", async () => {
  await personMayRelease();
  const { vault } = await vaultWith("kek-c2", policyFor(hostData));
  const token = await at.cloud.attest(at.attestation, at.evidence().evidence);
  const other = at.evidence({ hostData: "ab".repeat(32) });
  const otherToken = await at.cloud.attest(at.attestation, other.evidence);
  const [header = "", , signature = ""] = otherToken.split(".");
  const payload = token.split(".")[1] ?? "";
  const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`;
  const refusals = await Promise.all(
    [otherToken, unsigned, `${header}.${payload}.${signature}`, "no token"].map((one) =>
      refusalOf(vault.release("kek-c2", one, other.privateKey)),
    ),
  );
  expect(refusals).toEqual([
    expect.stringMatching(/^Forbidden: .*do not satisfy the release policy/),
    expect.stringMatching(/^Forbidden: .*not a valid one of its authority/),
    expect.stringMatching(/^Forbidden: .*not a valid one of its authority/),
    expect.stringMatching(/^BadParameter: /),
  ]);
  const elsewhere = await vaultWith("kek-c3", policyFor(hostData, "https://sharedneu.neu.attest.azure.net"));
  expect(await refusalOf(elsewhere.vault.release("kek-c3", token, other.privateKey))).toMatch(/^Forbidden: .*does not name the authority/);
});

test("an authority that the vault cannot ask releases nothing, whatever a token says of itself", async () => {
  await personMayRelease();
  const authority = "https://sharedneu.neu.attest.azure.net";
  const { vault } = await vaultWith("kek-c4", policyFor(hostData, authority));
  const { privateKey } = await generateKeyPair("RS256");
  const claims = { iss: authority, "x-ms-attestation-type": "sevsnpvm", "x-ms-sevsnpvm-hostdata": hostData };
  const token = await new SignJWT({ ...claims, exp: Math.floor(Date.now() / 1000) + 60 })
    .setProtectedHeader({ alg: "RS256" })
    .sign(privateKey);
  expect(await refusalOf(vault.release("kek-c4", token, at.evidence().privateKey))).toMatch(
    /^Forbidden: .*gives no keys: .*not on this machine/,
  );
});

test("a local cloud is believed on this machine alone", async () => {
  const home = join(at.folder, "home");
  await mkdir(join(home, "azure"), { recursive: true });
  const { services } = at.local;
  if (!services) throw new Error("no services");
  const far = { ...at.local, services: { ...services, vaults: "https://vault.example:8443" } };
  await writeFile(join(home, "azure", "azure.json"), JSON.stringify(far));
  await expect(openCloud(home, {})).rejects.toThrow(/names https:\/\/vault\.example:8443: a local cloud is on this machine alone$/);
  expect(await refusalOf(at.cloud.vault("https://tdpvault.vault.azure.net/").getSecret("s"))).toMatch(/^NotLocal: /);
  await rm(home, { recursive: true });
  expect((await openCloud(home, {})).kind).toBe("azure");
});

test("evidence is refused where the guest can be debugged, the processor is unknown, or the report speaks of another key", async () => {
  const attest = (evidence: Parameters<typeof at.cloud.attest>[1]) => refusalOf(at.cloud.attest(at.attestation, evidence));
  expect(await attest(at.evidence({ debug: true }).evidence)).toMatch(/^AttestationFailed: .*debugging must not be enabled/);
  expect(await attest(at.evidence({ tee: VirtualTee.create() }).evidence)).toMatch(/^AttestationFailed: .*root of trust public key/);
  const { evidence } = at.evidence();
  const runtimeData = at.evidence().evidence.runtimeData;
  expect(await attest({ ...evidence, runtimeData })).toMatch(/^AttestationFailed: .*not the hash of runtimeData/);
  const report = Buffer.from(evidence.report);
  report[0x0c0] = (report[0x0c0] ?? 0) ^ 1;
  expect(await attest({ ...evidence, report })).toMatch(/^AttestationFailed: .*did not sign this attestation/);
  const bare = decodeJwt(await at.cloud.attest(at.attestation, { ...evidence, uvmEndorsements: undefined }));
  expect(bare["x-ms-compliance-status"]).toBeUndefined();
});

test("what the cloud keeps is for its owner alone, and is there after a restart at the same addresses", async () => {
  const { local, folder } = at;
  expect((await stat(join(folder, "cloud.json"))).mode & 0o777).toBe(0o600);
  await expect(
    startLocalCloud({ folder, verify: () => Promise.reject(new Error("not asked")), publish: () => Promise.resolve() }),
  ).rejects.toMatchObject({ code: "EADDRINUSE", port: Number(new URL(local.services?.tokens ?? "").port) });
});
