import { expect, test } from "vitest";
import { mayDo } from "../../../azure/local/vault/access.js";
import { wrappingKeyIn } from "../../../azure/local/vault/release.js";
import { releasePolicyIn, satisfies } from "../../../azure/local/vault/releasePolicy.js";
import { ROLES } from "../../../azure/roles.js";
import type { ReleasePolicy } from "../../../azure/vault.js";

const [a, b] = ["https://a.attest.azure.net", "https://b.attest.azure.net"] as const;
const policy: ReleasePolicy = {
  version: "1.0.0",
  anyOf: [
    { authority: a, allOf: [{ claim: "x-ms-attestation-type", equals: "sevsnpvm" }, { claim: "x", equals: "1" }] }, // prettier-ignore
    { authority: b, allOf: [{ claim: "debug", equals: false }, { claim: "x-ms-runtime.user.level", equals: 3 }] }, // prettier-ignore
  ],
};

test("a release policy wants all conditions of one branch, of the authority that has signed, value and type alike", () => {
  const snp = { "x-ms-attestation-type": "sevsnpvm" };
  const inner = { "x-ms-runtime": { user: { level: 3 } } };
  expect(satisfies({ ...snp, x: "1" }, a, policy)).toBe(true);
  expect(satisfies({ debug: false, ...inner }, b, policy)).toBe(true);
  for (const claims of [snp, { ...snp, x: 1 }, { ...snp, x: ["1"] }, {}, { debug: false, ...inner }]) {
    expect(satisfies(claims, a, policy)).toBe(false);
  }
  for (const claims of [{ ...snp, x: "1" }, { ...inner }, { debug: "false", ...inner }, { debug: false, "x-ms-runtime": "user" }]) {
    expect(satisfies(claims, b, policy)).toBe(false);
  }
  expect(satisfies({ ...snp, x: "1" }, `${a}/`, policy)).toBe(false);
  expect(satisfies({}, a, { version: "1.0.0", anyOf: [{ authority: a, allOf: [{ claim: "toString.name", equals: "toString" }] }] })).toBe(
    false,
  );
});

test("a policy that is not understood in full is not taken", () => {
  const branch = policy.anyOf[0];
  expect(releasePolicyIn(policy)).toEqual(policy);
  for (const wrong of [
    undefined,
    null,
    { ...policy, version: "0.2" },
    { ...policy, anyOf: [] },
    { ...policy, more: 1 },
    { version: "1.0.0", anyOf: [{ ...branch, allOf: [] }] },
    { version: "1.0.0", anyOf: [{ ...branch, anyOf: [] }] },
    { version: "1.0.0", anyOf: [{ ...branch, authority: "a" }] },
    { version: "1.0.0", anyOf: [{ ...branch, allOf: [{ claim: "x", equals: { y: 1 } }] }] },
    { version: "1.0.0", anyOf: [{ ...branch, allOf: [{ claim: "x", notEquals: "1" }] }] },
  ]) {
    expect(releasePolicyIn(wrong)).toBeUndefined();
  }
});

test("a released key is wrapped to no key that is short, for signatures, or not RSA", () => {
  const long = { kty: "RSA", n: Buffer.alloc(256, 0xff).toString("base64url"), e: "AQAB" };
  const short = { kty: "RSA", n: Buffer.alloc(128, 0xff).toString("base64url"), e: "AQAB" };
  const runtime = (...keys: unknown[]) => ({ "x-ms-runtime": { keys } });
  expect(wrappingKeyIn(runtime(short, { ...long, use: "sig" }, long)).asymmetricKeyDetails?.modulusLength).toBe(2048);
  for (const claims of [{}, runtime(), runtime(short), runtime({ ...long, use: "sig" }), runtime({ ...long, key_ops: ["verify"] })]) {
    expect(() => wrappingKeyIn(claims)).toThrow(/names no RSA key/);
  }
});

test("a role counts for the resource that it was given for and what is in it, and for one principal", () => {
  const id = "/subscriptions/s/resourcegroups/g/providers/microsoft.keyvault/vaults/v";
  const given = { scope: "/subscriptions/s/resourcegroups/g", principalId: "p", role: ROLES["Key Vault Secrets User"] };
  expect(mayDo("readSecrets", id, "p", [given])).toBe(true);
  expect(mayDo("readSecrets", id, "p", [{ ...given, scope: id }])).toBe(true);
  expect(mayDo("readSecrets", id, "q", [given])).toBe(false);
  expect(mayDo("releaseKeys", id, "p", [given])).toBe(false);
  expect(mayDo("readSecrets", id, "p", [{ ...given, scope: "/subscriptions/s/resourcegroups/other" }])).toBe(false);
  expect(mayDo("readSecrets", `${id}2`, "p", [{ ...given, scope: id }])).toBe(false);
  expect(mayDo("readSecrets", id, "p", [{ ...given, role: ROLES["Storage Blob Data Contributor"] }])).toBe(false);
});
