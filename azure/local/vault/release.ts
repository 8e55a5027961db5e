import { createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from "jose";
import type { ReleasePolicy } from "../../vault.js";
import { Refused } from "../refused.js";
import { authoritiesOf, satisfies, type Claims } from "./releasePolicy.js";

/** Fetches the keys that an attestation service signs with. */
export type AuthorityKeys = (authority: string) => Promise<JSONWebKeySet>;

/**
 * Judges an attestation token under the policy of a key: it is signed (RS256) by an authority that the policy names, of now, and its claims
 * satisfy the policy. Only authorities of the policy are asked for their keys.
 *
 * @returns the key (RSA) that the clean room proved to have, to which the vault wraps what it releases
 * @throws Refused Forbidden
 */
export async function judgeRelease(token: string, policy: ReleasePolicy, keysOf: AuthorityKeys, now: Date): Promise<KeyObject> {
  const authority = authorityIn(token);
  if (authority === undefined || !authoritiesOf(policy).includes(authority)) {
    throw forbidden(`the release policy of the key does not name the authority ${authority ?? "(none)"}`);
  }
  const claims = await verified(token, authority, keysOf, now);
  if (!satisfies(claims, authority, policy)) throw forbidden("the claims of the token do not satisfy the release policy of the key");
  return wrappingKeyIn(claims);
}

function authorityIn(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch (cause) {
    throw new Refused(400, "BadParameter", "target is no attestation token", { cause });
  }
}

async function verified(token: string, issuer: string, keysOf: AuthorityKeys, now: Date): Promise<Claims> {
  const keys = await keysOf(issuer).catch((cause: unknown) => {
    throw forbidden(`the authority ${issuer} gives no keys: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  });
  try {
    const expected = { algorithms: ["RS256"], issuer, requiredClaims: ["exp"], currentDate: now };
    return (await jwtVerify(token, createLocalJWKSet(keys), expected)).payload;
  } catch (cause) {
    throw forbidden("the attestation token is not a valid one of its authority", { cause });
  }
}

type RuntimeClaims = { readonly keys?: unknown };

/** The one that is for encryption, of `x-ms-runtime.keys`. @throws Refused */
export function wrappingKeyIn(claims: Claims): KeyObject {
  const runtime = claims["x-ms-runtime"];
  const { keys } = (typeof runtime === "object" && runtime !== null ? runtime : {}) as RuntimeClaims;
  for (const key of Array.isArray(keys) ? (keys as JsonWebKey[]) : []) {
    const { kty, n, e } = key;
    if (kty !== "RSA" || n === undefined || e === undefined || !maySealKeys(key)) continue;
    try {
      const found = createPublicKey({ key: { kty, n, e }, format: "jwk" });
      if ((found.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048) return found;
    } catch {
      continue; // no key that one could use
    }
  }
  throw forbidden("the attestation token names no RSA key of at least 2048 bits that the released key could be wrapped to");
}

function maySealKeys(key: JsonWebKey): boolean {
  const operations = key.key_ops as readonly string[] | undefined;
  if (key.use !== undefined && key.use !== "enc") return false;
  return operations === undefined || operations.includes("encrypt") || operations.includes("wrapKey");
}

function forbidden(message: string, options?: ErrorOptions): Refused {
  return new Refused(403, "Forbidden", message, options);
}
