import type { WriteSet } from "../kv/transaction.js";
import { bytesOf } from "../kv/table.js";
import { decodeEntry, publicWrites, sealedBytes } from "./entry.js";

/** A key or a value made readable: parsed JSON, else text, else hexadecimal. */
export type Shown = { readonly json: unknown } | { readonly text: string } | { readonly hex: string };

export type ShownRow = {
  readonly key: Shown;
  /** null where the row was deleted. */
  readonly value: Shown | null;
};

export type ShownTransaction = {
  readonly id: string;
  /** Hexadecimal. */
  readonly claimsDigest?: string;
  readonly tables: readonly { readonly name: string; readonly rows: readonly ShownRow[] }[];
  /** Bytes of the private writes, which stay sealed. */
  readonly privateBytes: number;
};

/** Sequence numbers, both included. */
export type Range = { readonly from?: number | undefined; readonly to?: number | undefined };

/** Decodes entries, which begin with the first one, for people; verifies nothing. @throws LedgerCorrupt */
export async function* showLedger(
  entries: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { from = 1, to = Infinity }: Range = {},
): AsyncGenerator<ShownTransaction> {
  let seqno = 0;
  for await (const bytes of entries) {
    if (++seqno > to) return;
    if (seqno < from) continue;
    yield showEntry(bytes);
  }
}

/** Decodes one entry. @throws LedgerCorrupt */
export function showEntry(bytes: Uint8Array): ShownTransaction {
  const entry = decodeEntry(bytes);
  return {
    id: `${entry.view}.${entry.seqno}`,
    ...(entry.claimsDigest && { claimsDigest: Buffer.from(entry.claimsDigest).toString("hex") }),
    tables: showTables(publicWrites(entry)),
    privateBytes: sealedBytes(entry),
  };
}

const showTables = (writes: WriteSet): ShownTransaction["tables"] =>
  [...writes].map(([name, rows]) => ({
    name,
    rows: [...rows].map(([key, value]) => ({ key: showBytes(bytesOf(key), false), value: value && showBytes(value, true) })),
  }));

const utf8 = new TextDecoder("utf-8", { fatal: true });

function showBytes(bytes: Uint8Array, tryJson: boolean): Shown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { hex: Buffer.from(bytes).toString("hex") };
  }
  // Control characters other than tab and line ends mean that these are no words.
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text)) return { hex: Buffer.from(bytes).toString("hex") };
  if (!tryJson) return { text };
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return { text };
  }
}
