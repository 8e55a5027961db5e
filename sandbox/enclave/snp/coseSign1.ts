import { decode, encode, Tag } from "cbor2";
import { constants, verify, type KeyObject } from "node:crypto";

/*
 * COSE_Sign1 (RFC 9052, section 4.2) with its payload inside, as endorsements of utility VMs use it.
 */

const COSE_SIGN1 = 18;

// A bound on nesting keeps decoding linear in the size of the input.
const LIMITS = { maxDepth: 15 } as const;

export type CoseSign1 = {
  /** The protected header, by label. */
  readonly header: ReadonlyMap<unknown, unknown>;
  readonly payload: Uint8Array;
  /** `COSE_Sign1[0]`, encoded as it came; part of what is signed. */
  readonly protectedBytes: Uint8Array;
  readonly signature: Uint8Array;
};

/** Signature algorithms by their COSE number (RFC 9053, 2.1; RFC 8230, 2). */
const ALGORITHMS: ReadonlyMap<unknown, { readonly keyType: "ec" | "rsa"; readonly hash: string }> = new Map([
  [-7, { keyType: "ec", hash: "sha256" }],
  [-35, { keyType: "ec", hash: "sha384" }],
  [-36, { keyType: "ec", hash: "sha512" }],
  [-37, { keyType: "rsa", hash: "sha256" }],
  [-38, { keyType: "rsa", hash: "sha384" }],
  [-39, { keyType: "rsa", hash: "sha512" }],
]);

/** COSE's ES384: ECDSA with SHA-384. */
export const ES384 = -35;

/**
 * Reads a message without verifying it.
 *
 * @throws RangeError in CCF's words. CCF decodes piece by piece and notices damage behind the header only with the signature.
 */
export function parseCoseSign1(message: Uint8Array): CoseSign1 {
  let value: unknown;
  try {
    value = decode(message, LIMITS);
  } catch (error) {
    throw new RangeError(startsAsCoseSign1(message) ? SIGNATURE_FAILED : NOT_AN_ARRAY, { cause: error });
  }
  const parts: unknown = value instanceof Tag ? value.contents : value;
  if (!Array.isArray(parts)) throw new RangeError(NOT_AN_ARRAY);
  if (!(value instanceof Tag) || value.tag !== COSE_SIGN1) throw new RangeError("Failed to parse COSE_Sign1 tag");

  const [protectedBytes, unprotected, payload, signature] = parts as readonly unknown[];
  if (!(protectedBytes instanceof Uint8Array)) throw new RangeError("Failed to decode protected header");
  const header = decodeHeader(protectedBytes);
  const isComplete = parts.length === 4 && isMap(unprotected) && payload instanceof Uint8Array && signature instanceof Uint8Array;
  if (!isComplete) throw new RangeError(SIGNATURE_FAILED);
  return { header, payload, protectedBytes, signature };
}

const NOT_AN_ARRAY = "Failed to parse COSE_Sign1 outer array";
const SIGNATURE_FAILED = "Signature verification failed";

/** cbor2 gives an object where all labels are texts (so for an empty map), else a Map. */
function isMap(value: unknown): boolean {
  return value instanceof Map || (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype);
}

/** Tag 18, then an array of four. */
function startsAsCoseSign1(message: Uint8Array): boolean {
  return message[0] === 0xd2 && message[1] === 0x84;
}

function decodeHeader(bytes: Uint8Array): ReadonlyMap<unknown, unknown> {
  try {
    // Labels are integers and texts; `preferMap` keeps both as they are.
    const header: unknown = decode(bytes, { ...LIMITS, preferMap: true, rejectDuplicateKeys: true });
    if (header instanceof Map) return header;
  } catch (error) {
    throw new RangeError("Failed to decode protected header", { cause: error });
  }
  throw new RangeError("Failed to decode protected header");
}

/** Whether a value of the header parameter `alg` is an algorithm that is verified here. */
export function isKnownAlgorithm(alg: unknown): boolean {
  return ALGORITHMS.has(alg);
}

/** @throws RangeError unless the key signed the message with the algorithm that its header names */
export function verifyCoseSign1({ header, payload, protectedBytes, signature }: CoseSign1, key: KeyObject): void {
  const algorithm = ALGORITHMS.get(header.get(1));
  const verified =
    algorithm?.keyType === key.asymmetricKeyType &&
    verify(algorithm?.hash, sigStructure(protectedBytes, payload), { key, ...encodingOf(key) }, signature);
  if (!verified) throw new RangeError(SIGNATURE_FAILED);
}

/** `Sig_structure` (RFC 9052, section 4.4): the bytes that are signed. */
export function sigStructure(protectedBytes: Uint8Array, payload: Uint8Array): Uint8Array {
  // Copies, because cbor2 would write a Buffer, which has a `toJSON`, as a map.
  return encode(["Signature1", new Uint8Array(protectedBytes), new Uint8Array(), new Uint8Array(payload)]);
}

function encodingOf(key: KeyObject) {
  if (key.asymmetricKeyType === "ec") return { dsaEncoding: "ieee-p1363" } as const;
  return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
}
