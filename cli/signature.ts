import { verify, type KeyObject } from "node:crypto";
import type { SigningAlgorithm } from "../client/signingAlgorithm.js";

/**
 * The signature that a signing tool printed: r and s side by side, or DER (RFC 3279 section 2.2.3); as bytes, or as hex, base64 or
 * base64url. Of what it may be, only that counts which verifies.
 *
 * @returns r and s, each of the full size of the curve; undefined where nothing verifies
 */
export function signatureIn(output: Buffer, algorithm: SigningAlgorithm, content: Uint8Array, key: KeyObject): Uint8Array | undefined {
  return bytesOf(output)
    .flatMap((bytes) => [bytes, fromDer(bytes, algorithm.size)])
    .find(
      (candidate) =>
        candidate?.length === 2 * algorithm.size && verify(algorithm.hash, content, { key, dsaEncoding: "ieee-p1363" }, candidate),
    );
}

function bytesOf(output: Buffer): Buffer[] {
  const text = output.toString("latin1").replace(/\s/g, "");
  return [
    output,
    ...(/^([0-9a-f]{2})+$/i.test(text) ? [Buffer.from(text, "hex")] : []),
    ...(/^[\w+/-]+={0,2}$/.test(text) ? [Buffer.from(text, "base64")] : []), // Node reads base64url as well
  ];
}

/** SEQUENCE of the INTEGERs r and s, as r and s side by side; undefined where it is something else. */
function fromDer(bytes: Buffer, size: number): Buffer | undefined {
  const long = bytes[1] === 0x81; // a length of one more byte
  const [start, length] = long ? [3, bytes[2]] : [2, bytes[1]];
  if (bytes[0] !== 0x30 || length !== bytes.length - start) return undefined;
  const r = integerAt(bytes, start);
  const s = r && integerAt(bytes, r.end);
  if (!r || s?.end !== bytes.length) return undefined;
  return Buffer.concat([r, s].flatMap(({ digits }) => [Buffer.alloc(Math.max(0, size - digits.length)), digits]));
}

function integerAt(bytes: Buffer, start: number): { readonly digits: Buffer; readonly end: number } | undefined {
  const length = bytes[start + 1];
  if (bytes[start] !== 0x02 || length === undefined) return undefined;
  const end = start + 2 + length;
  const digits = bytes.subarray(start + 2, end);
  return { digits: digits[0] === 0 ? digits.subarray(1) : digits, end };
}
