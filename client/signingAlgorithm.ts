import type { KeyObject } from "node:crypto";
import { Refusal } from "./errors.js";

/** How a key signs governance requests: ECDSA with the hash that goes with its curve (RFC 9053 section 2.1). */
export type SigningAlgorithm = {
  /** As COSE and JOSE name it. */
  readonly name: "ES256" | "ES384" | "ES512";
  /** COSE algorithm number. */
  readonly id: number;
  /** As Node names it. */
  readonly hash: "sha256" | "sha384" | "sha512";
  /** Bytes of each of r and s. */
  readonly size: number;
};

/** By the name that OpenSSL has for the curve of the key. */
const algorithms: Readonly<Record<string, SigningAlgorithm>> = {
  prime256v1: { name: "ES256", id: -7, hash: "sha256", size: 32 },
  secp384r1: { name: "ES384", id: -35, hash: "sha384", size: 48 },
  secp521r1: { name: "ES512", id: -36, hash: "sha512", size: 66 },
};

/** @throws Refusal InvalidKey when the key is not on P-256, P-384 or P-521 */
export function algorithmFor(key: KeyObject): SigningAlgorithm {
  const curve = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? "unknown";
  const algorithm = algorithms[curve];
  if (algorithm) return algorithm;
  throw new Refusal("InvalidKey", `a key of type ${curve} cannot sign: governance takes secp384r1, secp256r1 and secp521r1`);
}

/** The algorithm of a COSE number; undefined where there is none. */
export function algorithmOfId(id: unknown): SigningAlgorithm | undefined {
  return Object.values(algorithms).find((algorithm) => algorithm.id === id);
}
