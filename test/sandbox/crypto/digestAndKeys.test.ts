import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { describe, expect, test } from "vitest";
import { OpaqueValue } from "../../../sandbox/enclave/js/values.js";
import { bytes, call, callForBytes, failure } from "./call.js";

type Pair = { privateKey: string; publicKey: string };

describe("digest", () => {
  test("is SHA-256 of the bytes", () => {
    expect(callForBytes("digest", "SHA-256", bytes("abc"))).toEqual(createHash("sha256").update("abc").digest());
  });

  test("knows no other algorithm, and takes ArrayBuffers only", () => {
    expect(failure("digest", "SHA-512", bytes("x"))).toBe("RangeError: unsupported digest algorithm, supported: SHA-256");
    expect(failure("digest", "SHA-256", new OpaqueValue("object"))).toBe("TypeError: ArrayBuffer object expected");
    expect(failure("digest", "SHA-256")).toBe("TypeError: Passed 1 arguments, but expected 2");
  });
});

describe("generateAesKey", () => {
  test("gives different keys of the size asked for, which may be a text", () => {
    expect([128, 192, 256, "256"].map((bits) => callForBytes("generateAesKey", bits).length)).toEqual([16, 24, 32, 32]);
    expect(callForBytes("generateAesKey", 256)).not.toEqual(callForBytes("generateAesKey", 256));
  });

  test.each([[100], [-128], [null], [undefined], ["many"], [[128, 1]]])("refuses the size %j", (size) => {
    expect(failure("generateAesKey", size)).toBe("RangeError: invalid key size (not one of 128, 192, 256)");
  });
});

describe("key pairs", () => {
  test.each([
    ["generateRsaKeyPair", 2048, "rsa"],
    ["generateEcdsaKeyPair", "secp256r1", "ec"],
    ["generateEcdsaKeyPair", "secp384r1", "ec"],
    ["generateEddsaKeyPair", "curve25519", "ed25519"],
    ["generateEddsaKeyPair", "x25519", "x25519"],
  ] as const)("%s(%s) gives PEM texts that belong together", (name, parameter, type) => {
    const pair = call(name, parameter) as Pair;
    const derived = createPublicKey(createPrivateKey(pair.privateKey));
    expect(derived.asymmetricKeyType).toBe(type);
    expect(derived.export({ type: "spki", format: "pem" })).toBe(pair.publicKey);
  });

  test("an RSA key can have another exponent, but not a senseless one", () => {
    const pair = call("generateRsaKeyPair", 2048, 3) as Pair;
    expect(createPublicKey(pair.publicKey).asymmetricKeyDetails?.publicExponent).toBe(3n);
    expect(failure("generateRsaKeyPair", 2048, 4)).toMatch(/^InternalError: Failed to generate RSA key pair: /);
  });

  test("RSA sizes out of reach are refused before any work", () => {
    expect(failure("generateRsaKeyPair", 100)).toMatch(
      /^InternalError: Failed to generate RSA key pair: OpenSSL error: .*key size too small/,
    );
    expect(failure("generateRsaKeyPair", 1e9)).toMatch(/^InternalError: Failed to generate RSA key pair: key size 1000000000 is too large/);
  });

  test("unknown curves are refused with the list of known ones", () => {
    expect(failure("generateEcdsaKeyPair", "P-256")).toBe("RangeError: Unsupported curve id, supported: secp256r1, secp384r1");
    expect(failure("generateEddsaKeyPair", "ed448")).toBe("RangeError: Unsupported curve id, supported: curve25519, x25519");
  });
});
