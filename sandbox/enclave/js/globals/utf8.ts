import { isUtf8 } from "node:buffer";

/** Least code point of a sequence with that many continuation bytes; a smaller one is overlong. */
const LEAST = [0, 0x80, 0x800, 0x10000, 0x200000, 0x4000000];

/**
 * Text of bytes as QuickJS reads them: surrogates encoded on their own are kept, and an invalid sequence is one U+FFFD that swallows the
 * byte it began with, the continuation bytes before it and those after it.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const [point, length] = sequenceAt(bytes, at);
    if (point >= 0 && point <= 0x10ffff) {
      text += String.fromCodePoint(point);
      at += length;
    } else {
      text += "\ufffd";
      at = afterContinuations(bytes, afterContinuations(bytes, at) + 1);
    }
  }
  return text;
}

function sequenceAt(bytes: Uint8Array, at: number): readonly [point: number, length: number] {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return [first, 1];
  const more = first < 0xc0 || first >= 0xfe ? 0 : Math.clz32(~first << 24) - 1;
  if (more === 0 || at + more >= bytes.length) return [-1, 0];
  let point = first & (0x3f >> more);
  for (let i = 1; i <= more; i++) {
    const next = bytes[at + i] ?? 0;
    if (!isContinuation(next)) return [-1, 0];
    point = point * 64 + (next & 0x3f);
  }
  return point < (LEAST[more] ?? 0) ? [-1, 0] : [point, more + 1];
}

function afterContinuations(bytes: Uint8Array, at: number): number {
  while (isContinuation(bytes[at] ?? 0)) at++;
  return at;
}

const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;
