import type { ReadableTable } from "../../kv/table.js";
import type { Call } from "../call.js";

/** Bytes of rows that cross at a time; one row always does. */
const BATCH_BYTES = 256 * 1024;

/** A cursor over the rows that are in the table now. */
export function openRows(call: Call, table: ReadableTable): number {
  const rows: (readonly [value: Uint8Array, key: Uint8Array])[] = [];
  table.forEach((value, key) => rows.push([value, key]));
  const cursor = call.cursors.size;
  call.cursors.set(cursor, rows.values());
  return cursor;
}

/**
 * The next rows of a cursor, packed: their number, the lengths of each key and value (all 32-bit little endian), then the bytes of each
 * key and value. undefined at the end.
 */
export function nextRows(call: Call, cursor: number): Uint8Array | undefined {
  const rows = call.cursors.get(cursor);
  const batch: (readonly [value: Uint8Array, key: Uint8Array])[] = [];
  let size = 4;
  while (rows && size < BATCH_BYTES) {
    const next = rows.next();
    if (next.done === true) break;
    const [value, key] = next.value;
    batch.push(next.value);
    size += 8 + key.byteLength + value.byteLength;
  }
  if (batch.length === 0) {
    call.cursors.set(cursor, [].values());
    return undefined;
  }

  const packed = new Uint8Array(size);
  const words = new DataView(packed.buffer);
  words.setUint32(0, batch.length, true);
  let at = 4 + 8 * batch.length;
  batch.forEach(([value, key], i) => {
    words.setUint32(4 + 8 * i, key.byteLength, true);
    words.setUint32(8 + 8 * i, value.byteLength, true);
    packed.set(key, at);
    packed.set(value, at + key.byteLength);
    at += key.byteLength + value.byteLength;
  });
  return packed;
}
