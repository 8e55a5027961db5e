import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { der } from "../../src/ca/der.js";
import { keyBits, parsePublicKey } from "../../src/ca/publicKey.js";

const pemOf = (key: KeyObject) => key.export({ type: "spki", format: "pem" }).toString();
const hexOf = (key: KeyObject) => key.export({ type: "spki", format: "der" }).toString("hex");
const asPem = (der: Buffer | string) => {
  const base64 = (typeof der === "string" ? Buffer.from(der, "hex") : der).toString("base64");
  return `-----BEGIN PUBLIC KEY-----\n${base64}\n-----END PUBLIC KEY-----\n`;
};
const rsa = (modulusLength: number, publicExponent = 65537) => generateKeyPairSync("rsa", { modulusLength, publicExponent }).publicKey;
const ec = (namedCurve: string) => generateKeyPairSync("ec", { namedCurve }).publicKey;

/** A SubjectPublicKeyInfo of RSA with these contents of INTEGERs. */
function rsaOf(...numbers: readonly { hex: string }[]): string {
  const key = der({ seq: numbers.map((int) => ({ int })) });
  return der({ seq: [{ seq: [{ oid: "1.2.840.113549.1.1.1" }, { null: "" }] }, { bitstr: { hex: `00${key}` } }] });
}

const rsaKey = rsa(2048);
const modulus = Buffer.from(rsaKey.export({ format: "jwk" }).n ?? "", "base64url").toString("hex");
const p256 = ec("P-256");

test.each(["P-256", "P-384", "P-521"])("every key on %s is taken, byte for byte", (curve) => {
  for (let count = 0; count < 20; count++) {
    const key = ec(curve);
    expect(parsePublicKey(pemOf(key))).toEqual({ kind: "ec", spki: hexOf(key) });
  }
});

test.each([2048, 2049, 3072, 4096, 8192])("a key of RSA with %i bits is taken, byte for byte", (bits) => {
  const n = randomBytes(Math.ceil(bits / 8)); // whether it is a product of two primes only its owner can say
  n[0] = bits % 8 === 0 ? 0xff : 1;
  n[n.length - 1] = 0xff;
  const key = createPublicKey({ key: { kty: "RSA", e: "AQAB", n: n.toString("base64url") }, format: "jwk" });
  expect(key.asymmetricKeyDetails?.modulusLength).toBe(bits);
  expect(parsePublicKey(pemOf(key))).toEqual({ kind: "rsa", spki: hexOf(key) });
});

test("the PEM may have line breaks of Windows, none at the end, and all of the base64 on one line", () => {
  const expected = { kind: "rsa", spki: hexOf(rsaKey) };
  expect(parsePublicKey(pemOf(rsaKey).replaceAll("\n", "\r\n"))).toEqual(expected);
  expect(parsePublicKey(pemOf(rsaKey).trimEnd())).toEqual(expected);
  expect(parsePublicKey(asPem(hexOf(rsaKey)))).toEqual(expected);
});

test("a key of RSA that is written down by hand as it should be is taken", () => {
  expect(parsePublicKey(asPem(rsaOf({ hex: `00${modulus}` }, { hex: "010001" })))).toEqual({ kind: "rsa", spki: hexOf(rsaKey) });
});

test("the bits of a key are what follows the algorithm", () => {
  expect(keyBits(hexOf(p256))).toBe(hexOf(p256).slice(-130));
});

describe("a weak key is refused", () => {
  test.each([
    ["RSA of 1024 bits", rsa(1024)],
    ["RSA of 2047 bits", rsa(2047)],
    ["RSA with the exponent 3", rsa(2048, 3)],
    ["RSA with an exponent that others cannot read", rsa(2048, 2 ** 31 + 11)],
    ["a curve that browsers do not know", ec("secp256k1")],
    ["a curve that is too small", ec("prime192v1")],
    ["Ed25519", generateKeyPairSync("ed25519").publicKey],
    ["RSA for PSS alone", generateKeyPairSync("rsa-pss", { modulusLength: 2048 }).publicKey],
  ])("%s", (_, key) => {
    expect(parsePublicKey(pemOf(key))).toBeUndefined();
  });

  test("RSA of more than 8192 bits, which takes long to verify", () => {
    const jwk = { kty: "RSA", e: "AQAB", n: Buffer.alloc(1025, 0xff).toString("base64url") };
    expect(parsePublicKey(pemOf(createPublicKey({ key: jwk, format: "jwk" })))).toBeUndefined();
  });

  test("RSA with an even modulus", () => {
    const jwk = { kty: "RSA", e: "AQAB", n: Buffer.alloc(256, 0xfe).toString("base64url") };
    expect(parsePublicKey(pemOf(createPublicKey({ key: jwk, format: "jwk" })))).toBeUndefined();
  });
});

describe("what is not exactly a key is refused", () => {
  const hex = hexOf(p256);
  const rsaHex = hexOf(rsaKey);
  test.each([
    ["a text", "key"],
    ["nothing", ""],
    ["an empty PEM", "-----BEGIN PUBLIC KEY-----\n\n-----END PUBLIC KEY-----\n"],
    ["a private key", generateKeyPairSync("ec", { namedCurve: "P-256", privateKeyEncoding: { type: "pkcs8", format: "pem" }, publicKeyEncoding: { type: "spki", format: "pem" } }).privateKey], // prettier-ignore
    ["a key of PKCS#1", rsaKey.export({ type: "pkcs1", format: "pem" }).toString()],
    ["two keys", pemOf(p256) + pemOf(rsaKey)],
    ["a text before the key", `CA:TRUE\n${pemOf(p256)}`],
    ["a byte after the key", asPem(`${hex}00`)],
    ["half of a key", asPem(hex.slice(0, 100))],
    ["half of a key of RSA", asPem(rsaHex.slice(0, 200))],
    ["a point that is compressed", asPem(`3039301306072a8648ce3d020106082a8648ce3d03010703220002${hex.slice(-128, -64)}`)],
    ["a point off the curve", asPem(hex.slice(0, -2) + (hex.endsWith("00") ? "01" : "00"))],
    ["the point at infinity", asPem("301a301306072a8648ce3d020106082a8648ce3d03010703020000")],
    ["coordinates that are all zero", asPem(hex.slice(0, -128) + "0".repeat(128))],
    ["coordinates beyond the field", asPem(hex.slice(0, -128) + "f".repeat(128))],
    ["a length in more bytes than needed", asPem(`30815930${hex.slice(6)}`)],
    ["a modulus without its sign, which makes it negative", asPem(rsaOf({ hex: modulus }, { hex: "010001" }))],
    ["a modulus with a zero too many", asPem(rsaOf({ hex: `0000${modulus}` }, { hex: "010001" }))],
    ["an exponent with a zero too many", asPem(rsaOf({ hex: `00${modulus}` }, { hex: "00010001" }))],
    ["a third number", asPem(rsaOf({ hex: `00${modulus}` }, { hex: "010001" }, { hex: "03" }))],
    ["parameters of RSA that are not NULL", asPem(rsaHex.replace("0101010500", "0101010501"))],
    ["an extension behind the key of RSA", asPem(`${rsaHex}30030101ff`)],
    ["random bytes", asPem(Buffer.from("a bit of noise that is no DER at all"))],
    ["lengths that count for ever", asPem("3084ffffffff300d06092a864886f70d0101010500038200")],
    ["nested lengths of nothing", asPem("30".repeat(200))],
  ])("%s", (_, pem) => {
    expect(parsePublicKey(pem)).toBeUndefined();
  });
});
