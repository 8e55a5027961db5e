import { ccf, type HistoricalState, type KvMap } from "@microsoft/ccf-app/global.js";
import type { Table } from "../kv/table.js";
import { ApiError } from "./errors.js";
import { Answer } from "./handler.js";
import type { Page } from "./page.js";

/** The most transactions that the node fetches for one answer: CCF makes a receipt for each, and the answer must come within its time limit. */
const MAX_PAGE = 1000;
/** How long the node keeps what it has fetched for a reader who does not come back. Stock clients come back within 65 seconds. */
const EXPIRY_SECONDS = 120;

type Name = "from_seqno" | "to_seqno" | "max_seqno_per_page";
export type RangeQuery = Readonly<Partial<Record<Name, string | undefined>>>;

/** Sequence numbers of transactions. Both ends belong to the range. */
export type Range = { readonly from: number; readonly to: number | undefined; readonly pageSize: number; readonly asked: RangeQuery };

function numberIn(query: RangeQuery, name: Name): number | undefined {
  const text = query[name];
  if (!text) return undefined;
  if (/^[1-9][0-9]{0,14}$/.test(text)) return Number(text);
  throw new ApiError("InvalidInput", `query/${name} must be a whole number, 1 or more: ${JSON.stringify(text)}`);
}

/**
 * The range that a query asks for.
 *
 * @throws ApiError InvalidInput for what is no range of numbers, and for an end that this node has not heard of: it may never come
 */
export function rangeOf(query: RangeQuery): Range {
  const from = numberIn(query, "from_seqno") ?? 1;
  const to = numberIn(query, "to_seqno");
  const pageSize = Math.min(numberIn(query, "max_seqno_per_page") ?? MAX_PAGE, MAX_PAGE);
  if (to !== undefined && to < from) throw new ApiError("InvalidInput", `query/to_seqno must not be less than from_seqno: ${to} < ${from}`);
  if (to !== undefined && ccf.consensus.getViewForSeqno(to) === null) {
    throw new ApiError("InvalidInput", `query/to_seqno must not be after the last transaction that the node knows: ${to}`);
  }
  return { from, to, pageSize, asked: query };
}

/** Says whose question it is, so that readers do not take each other's states away. 53 bits: what a JavaScript number holds exactly. */
function handleOf(...question: readonly (string | number)[]): number {
  const digest = new DataView(ccf.crypto.digest("SHA-256", ccf.jsonCompatibleToBuf(question)));
  return (digest.getUint32(0) >>> 11) * 2 ** 32 + digest.getUint32(4);
}

/** A row and its past. */
export type Row<V> = {
  readonly table: Table<string, V>;
  readonly key: string;
  /** No later transaction has written the row. Undefined: none has. */
  readonly lastWrite: number | undefined;
};

/** What a past transaction wrote to the row: CCF shows of its state only that. Undefined also when it deleted the row. */
function writtenIn<V>({ kv }: HistoricalState, table: Table<string, V>, key: string): V | undefined {
  const value = (kv[table.name] as unknown as KvMap).get(table.keys.encode(key));
  return value === undefined ? undefined : table.values.decode(value);
}

/**
 * A page of all that was ever written to a row: one entry for each transaction in the range that wrote it, in their order.
 *
 * The node has to fetch the transactions from the ledger first: until they have come, and while the last one is not committed, the answer
 * is 202 with `retry-after`. Nothing after the last write of the row is fetched.
 *
 * @param reader who asks
 * @param linkTo makes the link to the next page
 */
export function ledgerPage<V, Entry>(
  { from, to, pageSize, asked }: Range,
  { table, key, lastWrite = 0 }: Row<V>,
  reader: string,
  entryOf: (value: V, seqno: number) => Entry,
  linkTo: (range: Record<Name, string | number | undefined>) => string,
): Page<Entry> | Answer<Page<Entry>> {
  const end = Math.min(to ?? lastWrite, lastWrite);
  if (from > end) return { value: [] };

  const pageFrom = (first: number) => {
    const last = Math.min(first + pageSize - 1, end);
    const handle = handleOf(reader, table.name, key, first, last);
    return { last, handle, fetched: () => ccf.historical.getStateRange(handle, first, last, EXPIRY_SECONDS) };
  };
  const { last, handle, fetched } = pageFrom(from);
  const states = end <= ccf.consensus.getLastCommittedTxId().seqno ? fetched() : null;
  if (!states) return new Answer<Page<Entry>>(202, undefined, { "retry-after": "1" });

  const value = states.flatMap((state, i) => {
    const written = writtenIn(state, table, key);
    return written === undefined ? [] : [entryOf(written, from + i)];
  });
  ccf.historical.dropCachedStates(handle);
  if (last === end) return { value };
  pageFrom(last + 1).fetched(); // so that it is there when the reader comes for it
  return { value, nextLink: linkTo({ from_seqno: last + 1, to_seqno: to ?? end, max_seqno_per_page: asked.max_seqno_per_page }) };
}
