import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { certificateId, selfSigned } from "./x509.js";

export type KeyKind = "P-256" | "P-384" | "RSA2048";

/** A key with its certificate. */
export type Identity = {
  readonly name: string;
  /** PEM */
  readonly cert: string;
  /** PEM, PKCS#8 */
  readonly keyPem: string;
  readonly key: KeyObject;
  /** What CCF derives from the certificate. */
  readonly id: string;
  /** COSE algorithm, and its hash. */
  readonly alg: number;
  readonly hash: string;
};

export function generateKey(kind: KeyKind): KeyObject {
  if (kind === "RSA2048") return generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  return generateKeyPairSync("ec", { namedCurve: kind }).privateKey;
}

export const privatePem = (key: KeyObject): string => key.export({ type: "pkcs8", format: "pem" }).toString();
export const publicPem = (key: KeyObject): string => createPublicKey(key).export({ type: "spki", format: "pem" }).toString();

/** A fresh key with a self-signed certificate. */
export function identity(name: string, kind: KeyKind = "P-384"): Identity {
  const key = generateKey(kind);
  return identityOf(name, selfSigned(name, key), privatePem(key));
}

export function identityOf(name: string, cert: string, keyPem: string): Identity {
  const key = createPrivateKey(keyPem);
  return { name, cert, keyPem, key, id: certificateId(cert), ...algorithmOf(key) };
}

function algorithmOf(key: KeyObject): { readonly alg: number; readonly hash: string } {
  switch (key.asymmetricKeyDetails?.namedCurve) {
    case "prime256v1":
      return { alg: -7, hash: "sha256" };
    case "secp384r1":
      return { alg: -35, hash: "sha384" };
    default:
      return { alg: -37, hash: "sha256" };
  }
}
