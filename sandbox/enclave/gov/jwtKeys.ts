import { createPublicKey, X509Certificate, type JsonWebKey, type KeyObject } from "node:crypto";
import type { Transaction } from "../kv/transaction.js";
import { tables, type JwtSigningKey } from "./tables.js";

type Json = Readonly<Record<string, unknown>>;

/**
 * Replaces the token-signing keys of an issuer with those of a JSON Web Key Set (RFC 7517); keys of other issuers under the same id stay.
 *
 * A key is RSA (`n`, `e`), elliptic (`x`, `y`, `crv`) or a certificate (`x5c`, base64 DER). Its own `issuer` is the constraint on tokens
 * that it signs, and must be of the issuer's host or of a parent domain.
 *
 * @throws Error naming the key that cannot be used
 */
export function setJwtKeys(tx: Transaction, issuer: string, jwks: unknown): void {
  const added = keysOf(issuer, jwks);
  const { jwtKeys } = tables(tx);
  for (const [kid, keys] of jwtKeys.entries()) {
    if (!added.has(kid)) put(tx, kid, without(keys, issuer));
  }
  for (const [kid, key] of added) {
    const others = jwtKeys.get(kid) ?? [];
    const place = others.findIndex((other) => other.issuer === issuer);
    jwtKeys.set(kid, place < 0 ? [...others, key] : others.with(place, key));
  }
}

/** Removes every token-signing key of an issuer. */
export function removeJwtKeys(tx: Transaction, issuer: string): void {
  for (const [kid, keys] of tables(tx).jwtKeys.entries()) put(tx, kid, without(keys, issuer));
}

const without = (keys: readonly JwtSigningKey[], issuer: string): readonly JwtSigningKey[] => keys.filter((key) => key.issuer !== issuer);

function put(tx: Transaction, kid: string, keys: readonly JwtSigningKey[]): void {
  if (keys.length > 0) tables(tx).jwtKeys.set(kid, keys);
  else tables(tx).jwtKeys.delete(kid);
}

function keysOf(issuer: string, jwks: unknown): ReadonlyMap<string, JwtSigningKey> {
  const list = isObject(jwks) ? jwks.keys : undefined;
  if (!Array.isArray(list) || list.length === 0) throw new Error("JWKS has no keys");
  const keys = new Map<string, JwtSigningKey>();
  for (const jwk of list as unknown[]) {
    if (!isObject(jwk) || typeof jwk.kid !== "string") throw new Error("Missing kid for JWT signing key");
    const { kid, issuer: constraint } = jwk;
    if (constraint !== undefined && (typeof constraint !== "string" || !isAllowed(issuer, constraint))) {
      throw new Error(`JWKS kid ${kid} with issuer constraint ${JSON.stringify(constraint)} fails validation against issuer ${issuer}`);
    }
    const public_key = publicKeyOf(kid, jwk).export({ format: "der", type: "spki" }).toString("base64");
    if (!keys.has(kid)) keys.set(kid, { public_key, issuer, ...(constraint !== undefined && { constraint }) });
  }
  return keys;
}

function publicKeyOf(kid: string, jwk: Json): KeyObject {
  const { n, e, x, y, crv, x5c } = jwk;
  try {
    if (isText(n) && isText(e)) return fromJwk({ kty: "RSA", n, e });
    if (isText(x) && isText(y) && isText(crv)) return fromJwk({ kty: "EC", x, y, crv });
    const leaf: unknown = Array.isArray(x5c) ? x5c[0] : undefined;
    if (isText(leaf)) return new X509Certificate(Buffer.from(leaf, "base64")).publicKey;
  } catch (error) {
    throw new Error(`JWKS kid ${kid} has an invalid public key: ${(error as Error).message}`, { cause: error });
  }
  throw new Error(`JWKS kid ${kid} has neither RSA/EC public key or x5c`);
}

const fromJwk = (key: JsonWebKey): KeyObject => createPublicKey({ key, format: "jwk" });

function isAllowed(issuer: string, constraint: string): boolean {
  const [host, allowed] = [hostOf(issuer), hostOf(constraint)];
  return allowed !== "" && (host === allowed || host.endsWith(`.${allowed}`));
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : "";
}

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
