import { ccf } from "@microsoft/ccf-app/global.js";
import type { Table } from "./table.js";

/*
 * Whole tables. Every call of CCF costs more than the rest of the visit to a small row, so all keys are decoded by one call, and all values
 * by another.
 */

const [NEWLINE, COMMA, OPENING, CLOSING] = [0x0a, 0x2c, 0x5b, 0x5d];

/** All buffers in one, with a byte in front of each and the last byte left free. */
function joined(buffers: readonly ArrayBuffer[], separator: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(buffers.reduce((sum, { byteLength }) => sum + byteLength + 1, 1));
  let at = 0;
  for (const buffer of buffers) {
    bytes[at++] = separator;
    bytes.set(new Uint8Array(buffer), at);
    at += buffer.byteLength;
  }
  return bytes;
}

function textsOf(buffers: readonly ArrayBuffer[]): string[] {
  const text = ccf.bufToStr(joined(buffers, NEWLINE).buffer);
  return buffers.length === 0 ? [] : text.slice(1, -1).split("\n");
}

function jsonsOf<V>(buffers: readonly ArrayBuffer[]): V[] {
  const bytes = joined(buffers, COMMA);
  bytes[0] = OPENING;
  bytes[bytes.length - 1] = CLOSING;
  return buffers.length === 0 ? [] : ccf.bufToJsonCompatible(bytes.buffer);
}

/** The keys, none of which may have a line break in it, in no particular order. */
export function keysOf(table: Table<string, unknown>): string[] {
  const keys: ArrayBuffer[] = [];
  table.map.forEach((_, key) => keys.push(key));
  return textsOf(keys);
}

/** The rows of a table whose values are JSON, with keys as `keysOf` has them. */
export function rowsOf<V>(table: Table<string, V>): (readonly [key: string, value: V])[] {
  const [keys, values]: [ArrayBuffer[], ArrayBuffer[]] = [[], []];
  table.map.forEach((value, key) => {
    keys.push(key);
    values.push(value);
  });
  const decoded = jsonsOf<V>(values);
  return textsOf(keys).map((key, i) => [key, decoded[i] as V]);
}
