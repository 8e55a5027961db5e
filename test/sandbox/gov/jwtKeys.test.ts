import { createPublicKey, generateKeyPairSync, X509Certificate, type KeyObject } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { removeJwtKeys, setJwtKeys } from "../../../sandbox/enclave/gov/jwtKeys.js";
import { tables, type JwtSigningKey } from "../../../sandbox/enclave/gov/tables.js";
import { Store } from "../../../sandbox/enclave/kv/store.js";
import type { Transaction } from "../../../sandbox/enclave/kv/transaction.js";
import { person } from "./signing.js";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
const A = "https://a.example/x";
const B = "https://b.example";

const jwk = (key: KeyObject, kid: string, more: object = {}): object => ({ ...key.export({ format: "jwk" }), kid, ...more });
const spki = (key: KeyObject): string => key.export({ type: "spki", format: "der" }).toString("base64");

let tx: Transaction;
beforeEach(() => {
  tx = new Store().begin();
});

const stored = (): Readonly<Record<string, readonly JwtSigningKey[]>> => Object.fromEntries(tables(tx).jwtKeys.entries());

test("keys of every kind are kept as public keys, with their issuer and constraint", () => {
  const { certificate } = person("leaf");
  const x5c = [new X509Certificate(certificate).raw.toString("base64")];
  setJwtKeys(tx, A, { keys: [jwk(rsa, "r"), jwk(ec, "e", { issuer: A }), { kty: "EC", kid: "c", x5c }] });
  expect(stored()).toEqual({
    r: [{ public_key: spki(rsa), issuer: A }],
    e: [{ public_key: spki(ec), issuer: A, constraint: A }],
    c: [{ public_key: spki(createPublicKey(certificate)), issuer: A }],
  });
});

test("setting keys replaces those of the same issuer and leaves those of others", () => {
  setJwtKeys(tx, A, { keys: [jwk(rsa, "shared"), jwk(rsa, "old")] });
  setJwtKeys(tx, B, { keys: [jwk(ec, "shared")] });
  setJwtKeys(tx, A, { keys: [jwk(ec, "shared")] });
  expect(stored()).toEqual({
    shared: [
      { public_key: spki(ec), issuer: A },
      { public_key: spki(ec), issuer: B },
    ],
  });
  removeJwtKeys(tx, A);
  expect(stored()).toEqual({ shared: [{ public_key: spki(ec), issuer: B }] });
  removeJwtKeys(tx, B);
  expect(stored()).toEqual({});
});

test("a key may be constrained to the issuer's host or a parent domain, and to no other", () => {
  const set = (issuer: string, constraint: string): void => {
    setJwtKeys(tx, issuer, { keys: [jwk(rsa, "k", { issuer: constraint })] });
  };
  set("https://login.example.com", "https://example.com");
  set("https://login.microsoftonline.com/common/v2.0", "https://login.microsoftonline.com/{tenantid}/v2.0");
  const refused = "fails validation against issuer";
  expect(() => {
    set("https://example.com", "https://login.example.com");
  }).toThrow(refused);
  expect(() => {
    set("https://notexample.com", "https://example.com");
  }).toThrow(refused);
  expect(() => {
    set("issuer", "");
  }).toThrow(refused);
});

test.each([
  [undefined, "JWKS has no keys"],
  [{ keys: [] }, "JWKS has no keys"],
  [{ keys: [{ kty: "RSA" }] }, "Missing kid for JWT signing key"],
  [{ keys: [{ kty: "RSA", kid: "k" }] }, "JWKS kid k has neither RSA/EC public key or x5c"],
  [{ keys: [{ kty: "EC", kid: "k", crv: "P-256", x: "AA", y: "AA" }] }, "JWKS kid k has an invalid public key"],
  [{ keys: [{ kty: "RSA", kid: "k", x5c: ["AAAA"] }] }, "JWKS kid k has an invalid public key"],
])("what is no key set is refused: %j", (jwks, message) => {
  expect(() => {
    setJwtKeys(tx, A, jwks);
  }).toThrow(message);
  expect(stored()).toEqual({});
});
