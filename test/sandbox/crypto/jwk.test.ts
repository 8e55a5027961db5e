import { createPublicKey } from "node:crypto";
import { describe, expect, test } from "vitest";
import { call, failure } from "./call.js";
import { ed25519, p256, p384, p521, rsa, x25519 } from "./keyPairs.js";

const families = [
  ["pubPemToJwk", "pubJwkToPem", p256.pub],
  ["pubPemToJwk", "pubJwkToPem", p384.pub],
  ["pemToJwk", "jwkToPem", p256.priv],
  ["pemToJwk", "jwkToPem", p384.priv],
  ["pubRsaPemToJwk", "pubRsaJwkToPem", rsa.pub],
  ["rsaPemToJwk", "rsaJwkToPem", rsa.priv],
  ["pubEddsaPemToJwk", "pubEddsaJwkToPem", ed25519.pub],
  ["eddsaPemToJwk", "eddsaJwkToPem", ed25519.priv],
  ["pubEddsaPemToJwk", "pubEddsaJwkToPem", x25519.pub],
  ["eddsaPemToJwk", "eddsaJwkToPem", x25519.priv],
] as const;

test.each(families)("%s and %s are inverse", (toJwk, toPem, pem) => {
  expect(call(toPem, call(toJwk, pem) as Record<string, string>)).toBe(pem);
});

test.each(families)("%s names its members in alphabetical order, with the key id if one is given", (toJwk, _toPem, pem) => {
  const jwk = call(toJwk, pem, "my-kid") as Record<string, string>;
  expect(Object.keys(jwk)).toEqual(Object.keys(jwk).sort());
  expect(jwk.kid).toBe("my-kid");
  expect(call(toJwk, pem)).not.toHaveProperty("kid");
});

test("a JWK is the one that Node makes", () => {
  expect(call("pubPemToJwk", p256.pub)).toEqual(createPublicKey(p256.pub).export({ format: "jwk" }));
  expect(call("rsaPemToJwk", rsa.priv)).toEqual(rsa.privateKey.export({ format: "jwk" }));
});

test("PKCS#1 and SEC 1 private keys are taken too", () => {
  expect(call("rsaPemToJwk", rsa.privateKey.export({ type: "pkcs1", format: "pem" }).toString())).toEqual(call("rsaPemToJwk", rsa.priv));
  expect(call("pemToJwk", p384.privateKey.export({ type: "sec1", format: "pem" }).toString())).toEqual(call("pemToJwk", p384.priv));
});

describe("a PEM of the wrong kind is refused", () => {
  test.each([
    ["pubPemToJwk", p521.pub, "Unknown OpenSSL group secp521r1"],
    ["pubPemToJwk", rsa.pub, "OpenSSL error: error:1E08010C:DECODER routines::unsupported"],
    ["pubPemToJwk", p256.priv, "could not parse PEM"],
    ["pemToJwk", p256.pub, "could not parse PEM"],
    ["pubRsaPemToJwk", p256.pub, "invalid RSA key"],
    ["pubEddsaPemToJwk", p256.pub, "Unknown OpenSSL curve 408"],
    ["rsaPemToJwk", "x", "PEM constructed with non-PEM data: x"],
    ["pubPemToJwk", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "could not parse PEM"],
  ] as const)("%s", (name, pem, reason) => {
    expect(failure(name, pem)).toBe(`InternalError: Failed to convert pem to jwk: ${reason}`);
  });
});

describe("what is no such JWK gives an empty text", () => {
  const ec = call("pubPemToJwk", p256.pub) as Record<string, string>;
  test.each([
    ["a text", "pubJwkToPem", "x"],
    ["undefined", "pubJwkToPem", undefined],
    ["another kty", "pubRsaJwkToPem", { ...ec }],
    ["a missing member", "pubRsaJwkToPem", { kty: "RSA", e: "AQAB" }],
    ["a curve that CCF does not know", "pubJwkToPem", createPublicKey(p521.pub).export({ format: "jwk" }) as Record<string, string>],
    ["a point off the curve", "pubJwkToPem", { ...ec, x: ec.y ?? "" }],
    ["a public key where a private one is needed", "jwkToPem", { ...ec }],
    ["a member that is no text", "pubEddsaJwkToPem", { kty: "OKP", crv: "Ed25519", x: 5 }],
  ] as const)("%s", (_what, name, jwk) => {
    expect(call(name, jwk)).toBe("");
  });
});

test("the number of arguments is checked", () => {
  expect(failure("pubPemToJwk")).toBe("TypeError: Passed 0 arguments, but expected 1 or 2");
  expect(failure("pubJwkToPem", {}, "k")).toBe("TypeError: Passed 2 arguments, but expected 1");
});
