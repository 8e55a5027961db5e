import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { SignJWT, type JSONWebKeySet, type JWTPayload } from "jose";

/** One key that tokens are signed with, RS256. */
export type Signer = {
  readonly keys: JSONWebKeySet;
  readonly sign: (claims: JWTPayload, header?: Readonly<Record<string, unknown>>) => Promise<string>;
};

/** @param pem PKCS#8, RSA */
export function signerOf(pem: string): Signer {
  const key = createPrivateKey(pem);
  const { n = "", e = "" } = createPublicKey(key).export({ format: "jwk" });
  const kid = createHash("sha256").update(n).digest("base64url").slice(0, 22);
  return {
    keys: { keys: [{ kty: "RSA", use: "sig", alg: "RS256", kid, n, e }] },
    sign: (claims, header = {}) => new SignJWT(claims).setProtectedHeader({ ...header, alg: "RS256", typ: "JWT", kid }).sign(key),
  };
}

/** Seconds since 1970. */
export const secondsOf = (date: Date): number => Math.floor(date.getTime() / 1000);
