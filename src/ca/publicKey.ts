import { ASN1HEX, b64tohex } from "jsrsasign";
import { CURVES, isOnCurve } from "./curve.js";
import { der } from "./der.js";

/** A public key that may be certified. */
export type SubjectKey = {
  /** SubjectPublicKeyInfo, DER in hexadecimal. */
  readonly spki: string;
  readonly kind: "rsa" | "ec";
};

const MIN_MODULUS_BITS = 2048;
const MAX_MODULUS_BITS = 8192;
const MIN_EXPONENT = 65537n;
/** Go and others take no larger one. */
const MAX_EXPONENT = 2n ** 31n - 1n;

const isEcKey = (spki: string): boolean =>
  CURVES.some((curve) => spki.startsWith(curve.prefix) && isOnCurve(curve, spki.slice(curve.prefix.length)));

/** The one way to write an RSA key in DER. Both numbers are contents of an INTEGER, in hexadecimal. */
function rsaSpki(modulus: string, exponent: string): string {
  const key = der({ seq: [{ int: { hex: modulus } }, { int: { hex: exponent } }] });
  return der({ seq: [{ seq: [{ oid: "1.2.840.113549.1.1.1" }, { null: "" }] }, { bitstr: { hex: `00${key}` } }] });
}

/** Contents of the two INTEGERs of what may be an RSA key; undefined when they are not there. */
function rsaNumbers(spki: string): readonly [modulus: string, exponent: string] | undefined {
  try {
    const [modulus, exponent] = [0, 1].map((index) => ASN1HEX.getVbyList(spki, 0, [1, 0, index], "02"));
    return modulus && exponent ? [modulus, exponent] : undefined;
  } catch {
    return undefined; // the library throws various things at what is no DER
  }
}

/** Positive, and not longer than it has to be. */
const isShortest = (integer: string) => /^(?:00[89a-f]|0[1-9a-f]|[1-7])/.test(integer);

function isRsaKey(spki: string): boolean {
  const numbers = rsaNumbers(spki);
  if (!numbers?.every(isShortest) || rsaSpki(...numbers) !== spki) return false;
  const [modulus, exponent] = numbers.map((hex) => BigInt(`0x${hex}`)) as [bigint, bigint];
  const bits = modulus.toString(2).length;
  const isLongEnough = bits >= MIN_MODULUS_BITS && bits <= MAX_MODULUS_BITS;
  return isLongEnough && exponent >= MIN_EXPONENT && exponent <= MAX_EXPONENT && modulus % 2n === 1n && exponent % 2n === 1n;
}

const PEM = /^\s*-----BEGIN PUBLIC KEY-----\s([A-Za-z0-9+/\s]+={0,2})\s*-----END PUBLIC KEY-----\s*$/;

/** The SubjectPublicKeyInfo of a PEM, DER in hexadecimal; empty for another text. What it holds is not looked at. */
export const spkiOf = (pem: string): string => b64tohex(PEM.exec(pem)?.[1] ?? "").toLowerCase();

/**
 * Reads a SubjectPublicKeyInfo PEM and takes it only if a certificate may name the key: RSA of 2048 to 8192 bits, or a point on P-256, P-384
 * or P-521, in the one encoding that DER has for it.
 *
 * @returns undefined for anything else
 */
export function parsePublicKey(pem: string): SubjectKey | undefined {
  const spki = spkiOf(pem);
  if (isEcKey(spki)) return { spki, kind: "ec" };
  return isRsaKey(spki) ? { spki, kind: "rsa" } : undefined;
}

/** The bits of the key itself, in hexadecimal. @param spki of a key that has been checked */
export const keyBits = (spki: string): string => ASN1HEX.getVbyList(spki, 0, [1], "03", true) ?? "";
