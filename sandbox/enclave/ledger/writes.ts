import { isPublic } from "../kv/names.js";
import type { TableWrites, WriteSet } from "../kv/transaction.js";
import { Reader } from "./reader.js";

/*
 * Tables one after another: u16 length of the name, name (UTF-8), u32 number of rows, rows.
 * A row: u32 length of the key, key, u32 length of the value or DELETED, value. Integers are big-endian.
 */

const DELETED = 0xffff_ffff;

type TableEntries = readonly (readonly [name: string, rows: TableWrites])[];

function sizeOf(tables: TableEntries): number {
  let size = 0;
  for (const [name, rows] of tables) {
    const nameBytes = Buffer.byteLength(name);
    if (nameBytes > MAX_NAME_BYTES) throw new RangeError(`a table's name may have ${MAX_NAME_BYTES} bytes, not ${nameBytes}`);
    if (/\p{Surrogate}/u.test(name)) throw new RangeError(`the table name ${JSON.stringify(name)} is not Unicode text`);
    size += 6 + nameBytes;
    for (const [key, value] of rows) size += 8 + key.length + (value?.length ?? 0);
  }
  return size;
}

const MAX_NAME_BYTES = 0xffff;

/** @throws RangeError for a table whose name cannot be read back as it is */
export function encodeWrites(tables: TableEntries): Buffer {
  const out = Buffer.allocUnsafe(sizeOf(tables));
  let at = 0;
  for (const [name, rows] of tables) {
    const length = out.write(name, at + 2, "utf8");
    at = out.writeUInt16BE(length, at) + length;
    at = out.writeUInt32BE(rows.size, at);
    for (const [key, value] of rows) {
      at = out.writeUInt32BE(key.length, at);
      at += out.write(key, at, "latin1");
      at = out.writeUInt32BE(value?.length ?? DELETED, at);
      if (value) {
        out.set(value, at);
        at += value.length;
      }
    }
  }
  return out;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function nameFrom(reader: Reader): string {
  const bytes = reader.bytes(reader.u16());
  try {
    return utf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw reader.corrupt("a table name is not UTF-8");
    throw error;
  }
}

/**
 * The tables in `reader`, to its end; values are copies.
 *
 * @param visibility whether the tables must be public or private
 * @throws LedgerCorrupt
 */
export function decodeWrites(reader: Reader, visibility: "public" | "private"): WriteSet {
  const set = new Map<string, TableWrites>();
  while (reader.left > 0) {
    const name = nameFrom(reader);
    if (isPublic(name) !== (visibility === "public")) throw reader.corrupt(`table ${name} is among the ${visibility} ones`);
    if (set.has(name)) throw reader.corrupt(`table ${name} comes twice`);
    const rows = new Map<string, Uint8Array | null>();
    const count = reader.u32();
    for (let i = 0; i < count; i++) {
      const key = reader.bytes(reader.u32()).toString("latin1");
      const length = reader.u32();
      rows.set(key, length === DELETED ? null : new Uint8Array(reader.bytes(length)));
    }
    set.set(name, rows);
  }
  return set;
}
