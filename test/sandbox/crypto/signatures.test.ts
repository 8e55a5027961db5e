import { constants, createHmac, sign as nodeSign, verify as nodeVerify } from "node:crypto";
import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { issueCertificate } from "../../../sandbox/enclave/snp/issue.js";
import { bytes, call, callForBytes, failure } from "./call.js";
import { ed25519, otherRsa, p256, p384, p521, rsa, x25519 } from "./keyPairs.js";

const message = bytes("a message");
const pss = (saltLength: number) => ({ padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
const ecdsa = { name: "ECDSA", hash: "SHA-256" };

function flipped(signature: Uint8Array, at = 3): Uint8Array {
  const copy = Uint8Array.from(signature);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

function certificateOf({ publicKey, privateKey }: typeof rsa): string {
  const issuer = { name: "self", privateKey };
  return new X509Certificate(issueCertificate({ subject: "self", publicKey, issuer, extensions: [], days: 1 })).toString();
}

describe("every algorithm verifies what it signed and nothing else", () => {
  test.each([
    ["RSA-PSS", { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 }, rsa, otherRsa],
    ["RSA-PSS without salt", { name: "RSA-PSS", hash: "SHA-256" }, rsa, otherRsa],
    ["ECDSA P-256", ecdsa, p256, p384],
    ["ECDSA P-384", ecdsa, p384, p256],
    ["EdDSA", { name: "EdDSA" }, ed25519, p256],
  ])("%s", (_name, algorithm, key, other) => {
    const signature = callForBytes("sign", algorithm, key.priv, message);
    expect(call("verifySignature", algorithm, key.pub, signature, message)).toBe(true);
    expect(call("verifySignature", algorithm, key.pub, flipped(signature), message)).toBe(false);
    expect(call("verifySignature", algorithm, key.pub, signature, flipped(message))).toBe(false);
    expect(call("verifySignature", algorithm, other.pub, signature, message)).toBe(false);
    for (const size of [0, 1, 3, signature.length - 1]) {
      expect(call("verifySignature", algorithm, key.pub, signature.subarray(0, size), message)).toBe(false);
    }
  });
});

describe("signatures mean the same to Node", () => {
  test.each(["SHA-256", "SHA-384", "SHA-512"])("%s signatures made here verify there", (hash) => {
    const node = hash.replace("-", "").toLowerCase();
    const pssSignature = callForBytes("sign", { name: "RSA-PSS", hash, saltLength: 20 }, rsa.priv, message);
    expect(nodeVerify(node, message, { key: rsa.pub, ...pss(20) }, pssSignature)).toBe(true);
    const ecdsaSignature = callForBytes("sign", { name: "ECDSA", hash }, p384.priv, message);
    expect(nodeVerify(node, message, { key: p384.pub, dsaEncoding: "ieee-p1363" }, ecdsaSignature)).toBe(true);
    expect(callForBytes("sign", { name: "HMAC", hash }, "sécret", message)).toEqual(createHmac(node, "sécret").update(message).digest());
  });

  test("signatures made there verify here, with the salt that they have", () => {
    const salted = nodeSign("sha256", message, { key: rsa.priv, ...pss(32) });
    expect(call("verifySignature", { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 }, rsa.pub, salted, message)).toBe(true);
    expect(call("verifySignature", { name: "RSA-PSS", hash: "SHA-256" }, rsa.pub, salted, message)).toBe(false);
    expect(call("verifySignature", { name: "RSA-PSS", hash: "SHA-256" }, rsa.pub, nodeSign("sha256", message, rsa.priv), message)).toBe(
      false,
    );
    expect(call("verifySignature", { name: "EdDSA" }, ed25519.pub, nodeSign(null, message, ed25519.priv), message)).toBe(true);
  });

  test("ECDSA signatures are IEEE P1363, not DER", () => {
    const p1363 = nodeSign("sha256", message, { key: p256.priv, dsaEncoding: "ieee-p1363" });
    const der = nodeSign("sha256", message, p256.priv);
    expect([p1363, der].map((signature) => call("verifySignature", ecdsa, p256.pub, signature, message))).toEqual([true, false]);
  });
});

describe("a certificate in place of a key", () => {
  test("verifies ECDSA", () => {
    const signature = callForBytes("sign", ecdsa, p256.priv, message);
    expect(call("verifySignature", ecdsa, certificateOf(p256), signature, message)).toBe(true);
    expect(call("verifySignature", ecdsa, certificateOf(p384), signature, message)).toBe(false);
  });

  test("with an RSA key verifies PKCS#1 v1.5, as in CCF, and never by the name ECDSA", () => {
    const algorithm = { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 };
    const pkcs1 = nodeSign("sha256", message, rsa.priv);
    expect(call("verifySignature", algorithm, certificateOf(rsa), pkcs1, message)).toBe(true);
    expect(call("verifySignature", algorithm, certificateOf(rsa), callForBytes("sign", algorithm, rsa.priv, message), message)).toBe(false);
    expect(call("verifySignature", ecdsa, certificateOf(rsa), pkcs1, message)).toBe(false);
    expect(call("verifySignature", ecdsa, rsa.pub, pkcs1, message)).toBe(false);
  });

  test("does not serve EdDSA", () => {
    const reason = failure("verifySignature", { name: "EdDSA" }, certificateOf(p256), new Uint8Array(64), message);
    expect(reason).toBe("RangeError: Failed to verify EdDSA signature: could not parse PEM");
  });
});

describe("sign refuses", () => {
  const hashes = "RangeError: Unsupported hash algorithm, supported: SHA-256, SHA-384, SHA-512";
  test.each([
    ["no algorithm", [null, p256.priv, message], "TypeError: cannot read property 'name' of null"],
    ["an algorithm without hash", [{ name: "ECDSA" }, p256.priv, message], hashes],
    ["SHA-1", [{ name: "ECDSA", hash: "SHA-1" }, p256.priv, message], hashes],
    ["an algorithm that is a text", ["ECDSA", p256.priv, message], hashes],
    [
      "an unknown algorithm",
      [{ name: "RSA", hash: "SHA-256" }, rsa.priv, message],
      "RangeError: Unsupported signing algorithm, supported: RSA-PSS, ECDSA, EdDSA, HMAC",
    ],
    ["data that is a text", [ecdsa, p256.priv, "text"], "TypeError: ArrayBuffer object expected"],
    ["a public key", [ecdsa, p256.pub, message], "InternalError: Failed to sign: could not parse PEM"],
    ["what is no PEM", [ecdsa, "garbage", message], "InternalError: Failed to sign: PEM constructed with non-PEM data: garbage"],
    ["an RSA key for ECDSA", [ecdsa, rsa.priv, message], "InternalError: Failed to sign: Unknown OpenSSL group "],
    ["P-521", [ecdsa, p521.priv, message], "InternalError: Failed to sign: Unknown OpenSSL group secp521r1"],
    [
      "an EC key for RSA-PSS",
      [{ name: "RSA-PSS", hash: "SHA-256" }, p256.priv, message],
      "InternalError: Failed to sign: OpenSSL error: error:03000093:digital envelope routines::command not supported",
    ],
    [
      "a salt longer than the key",
      [{ name: "RSA-PSS", hash: "SHA-256", saltLength: 10000 }, rsa.priv, message],
      "InternalError: Failed to sign: OpenSSL error: error:0200006E:rsa routines::data too large for key size",
    ],
    ["a missing argument", [ecdsa, p256.priv], "TypeError: Passed 2 arguments, but expected 3"],
  ])("%s", (_what, args, reason) => {
    expect(failure("sign", ...args)).toBe(reason);
  });

  test("an X25519 key for EdDSA", () => {
    expect(failure("sign", { name: "EdDSA" }, x25519.priv, message)).toMatch(
      /^InternalError: Failed to sign with EdDSA pair: OpenSSL error: /,
    );
  });
});

describe("verifySignature refuses", () => {
  const signature = new Uint8Array(64);
  test.each([
    [
      "another hash",
      [{ name: "ECDSA", hash: "SHA-384" }, p384.pub, signature, message],
      "RangeError: Unsupported hash algorithm, supported: SHA-256",
    ],
    [
      "HMAC",
      [{ name: "HMAC", hash: "SHA-256" }, "key", signature, message],
      "RangeError: Unsupported signing algorithm, supported: RSA-PSS, ECDSA, EdDSA",
    ],
    ["a private key", [ecdsa, p256.priv, signature, message], "InternalError: Failed to verify signature: could not parse PEM"],
    ["a signature that is a text", [ecdsa, p256.pub, "x", message], "TypeError: ArrayBuffer object expected"],
    [
      "a certificate that does not parse",
      [ecdsa, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", signature, message],
      "InternalError: Failed to verify signature: OpenSSL error: error:068000A8:asn1 encoding routines::wrong tag",
    ],
    ["a missing argument", [ecdsa, p256.pub, signature], "TypeError: Passed 3 arguments, but expected 4"],
  ])("%s", (_what, args, reason) => {
    expect(failure("verifySignature", ...args)).toBe(reason);
  });
});
