import { ccf } from "@microsoft/ccf-app/global.js";
import { remembered } from "./remembered.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PADDING = 0x3d;
/** More than six bits: shows when values are or-ed. */
const FOREIGN = 0x80;

const CODES = /* @__PURE__ */ Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0));
const VALUES = /* @__PURE__ */ valuesOf(CODES);

function valuesOf(codes: Uint8Array): Uint8Array {
  const values = new Uint8Array(256).fill(FOREIGN);
  codes.forEach((code, value) => (values[code] = value));
  values[0x2d] = 62; // "-" and "_" of base64url
  values[0x5f] = 63;
  return values;
}

/**
 * Decodes base64 (RFC 4648): the standard alphabet or that of URLs, padded or not, also with line breaks and spaces in between.
 *
 * @returns undefined for any other character, for padding that does not fit, and for bits that are left over and not zero
 */
export function decodeBase64(text: string): ArrayBuffer | undefined {
  return decode(text) ?? (/[\t\n\r ]/.test(text) ? decode(text.replace(/[\t\n\r ]+/g, "")) : undefined);
}

/** As `decodeBase64`, for texts that clients send again and again. The bytes must not be changed. */
export const decodeRecurring = /* @__PURE__ */ remembered(64, decodeBase64);

/*
 * Bytes and a table of them, one turn for four characters and no calls: QuickJS takes a third longer to ask a text for the codes of its
 * characters, twice as long to call a function for each, and three times as long to look characters up in the alphabet.
 */
function decode(text: string): ArrayBuffer | undefined {
  const codes = new Uint8Array(ccf.strToBuf(text));
  let length = codes.length;
  if (length % 4 === 0 && codes[length - 1] === PADDING) length -= codes[length - 2] === PADDING ? 2 : 1;
  const rest = length % 4;
  const bytes = new Uint8Array((length * 3) >> 2);
  // CCF ends a text at NUL.
  let seen = rest === 1 || codes.length !== text.length ? FOREIGN : 0;
  let from = 0;
  let to = 0;
  while (from < length - rest) {
    const a = VALUES[codes[from++] ?? 0] ?? 0;
    const b = VALUES[codes[from++] ?? 0] ?? 0;
    const c = VALUES[codes[from++] ?? 0] ?? 0;
    const d = VALUES[codes[from++] ?? 0] ?? 0;
    seen |= a | b | c | d;
    bytes[to++] = (a << 2) | (b >> 4);
    bytes[to++] = (b << 4) | (c >> 2);
    bytes[to++] = (c << 6) | d;
  }
  if (rest > 1) {
    const a = VALUES[codes[from] ?? 0] ?? 0;
    const b = VALUES[codes[from + 1] ?? 0] ?? 0;
    const c = rest === 3 ? (VALUES[codes[from + 2] ?? 0] ?? 0) : 0;
    const leftOver = rest === 3 ? c & 0b11 : b & 0b1111;
    seen |= a | b | c | (leftOver && FOREIGN);
    bytes[to++] = (a << 2) | (b >> 4);
    if (rest === 3) bytes[to] = (b << 4) | (c >> 2);
  }
  return seen < FOREIGN ? bytes.buffer : undefined;
}

/** Standard base64, padded. */
export function encodeBase64(buffer: ArrayBuffer): string {
  const bytes = new Uint8Array(buffer);
  const codes = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let to = 0;
  for (let from = 0; from < bytes.length;) {
    const a = bytes[from++] ?? 0;
    const b = bytes[from++] ?? 0; // beyond the end: zeros, which padding replaces
    const c = bytes[from++] ?? 0;
    codes[to++] = CODES[a >> 2] ?? 0;
    codes[to++] = CODES[((a & 0b11) << 4) | (b >> 4)] ?? 0;
    codes[to++] = CODES[((b & 0b1111) << 2) | (c >> 6)] ?? 0;
    codes[to++] = CODES[c & 0b111111] ?? 0;
  }
  const missing = (3 - (bytes.length % 3)) % 3;
  codes.fill(PADDING, codes.length - missing);
  return ccf.bufToStr(codes.buffer);
}
