import { categoryOf } from "./names.js";
import type { CommittedTable, Store } from "./store.js";
import { bytesOf, keyOf, type Table } from "./table.js";

/** Key to value, or to null where the key is deleted. */
export type TableWrites = ReadonlyMap<string, Uint8Array | null>;

/** Table name to its writes. */
export type WriteSet = ReadonlyMap<string, TableWrites>;

/** CCF's default for one message from the enclave to its host (`memory.max_msg_size`), which is what a transaction becomes. In bytes. */
export const MAX_WRITE_SET_BYTES = 64 * 1024 * 1024;

/** What a row costs beside the bytes of its key and value. */
const ROW_BYTES = 16;

/** The writes of one transaction in bytes, over all tables. @throws RangeError beyond what a transaction may hold */
class Budget {
  #bytes = 0;

  change(bytes: number): void {
    if (this.#bytes + bytes > MAX_WRITE_SET_BYTES)
      throw new RangeError(`a transaction cannot write more than ${MAX_WRITE_SET_BYTES} bytes`);
    this.#bytes += bytes;
  }
}

/**
 * One request's view of the store: it reads what was committed when it began plus its own writes.
 *
 * Transactions run one after another (the enclave executes one request at a time), so that none can conflict.
 */
export class Transaction {
  readonly #store: Store;
  readonly #tables = new Map<string, TransactionTable>();
  readonly #budget = new Budget();
  /** Sequence number of the state that is read. */
  readonly readSeqno: number;
  /** 32 bytes that the application binds to this transaction (`ccf.rpc.setClaimsDigest`). */
  claimsDigest: Uint8Array | undefined;

  constructor(store: Store) {
    this.#store = store;
    this.readSeqno = store.seqno;
  }

  /** @throws ReservedTableName */
  table(name: string): Table {
    let table = this.#tables.get(name);
    if (!table) {
      categoryOf(name);
      table = new TransactionTable(name, this.#store.committed(name), this.#budget);
      this.#tables.set(name, table);
    }
    return table;
  }

  /** Whether any table was used; CCF names the transaction in the answer only then. */
  get touched(): boolean {
    return this.#tables.size > 0;
  }

  writeSet(): WriteSet {
    const set = new Map<string, TableWrites>();
    for (const [name, table] of this.#tables) if (table.writes.size > 0) set.set(name, table.writes);
    return set;
  }
}

class TransactionTable implements Table {
  readonly writes = new Map<string, Uint8Array | null>();

  constructor(
    readonly name: string,
    private readonly committed: CommittedTable | undefined,
    private readonly budget: Budget,
  ) {}

  #value(key: string): Uint8Array | undefined {
    const written = this.writes.get(key);
    if (written === null) return undefined;
    return written ?? this.committed?.get(key)?.value;
  }

  has(key: Uint8Array): boolean {
    return this.#value(keyOf(key)) !== undefined;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#value(keyOf(key));
  }

  get size(): number {
    let size = this.committed?.size ?? 0;
    for (const [key, value] of this.writes) {
      const before = this.committed?.has(key) ?? false;
      if (value === null && before) size--;
      if (value !== null && !before) size++;
    }
    return size;
  }

  forEach(visit: (value: Uint8Array, key: Uint8Array) => void): void {
    const rows: (readonly [string, Uint8Array])[] = [];
    for (const [key, row] of this.committed ?? []) if (!this.writes.has(key)) rows.push([key, row.value]);
    for (const [key, value] of this.writes) if (value !== null) rows.push([key, value]);
    for (const [key, value] of rows) visit(value, bytesOf(key));
  }

  versionOfPreviousWrite(key: Uint8Array): number | undefined {
    return this.committed?.get(keyOf(key))?.seqno;
  }

  set(key: Uint8Array, value: Uint8Array): void {
    this.#write(keyOf(key), value);
  }

  delete(key: Uint8Array): void {
    this.#write(keyOf(key), null);
  }

  clear(): void {
    this.budget.change(-[...this.writes].reduce((sum, [key, value]) => sum + rowBytes(key, value), 0));
    this.writes.clear();
    for (const key of this.committed?.keys() ?? []) this.#write(key, null);
  }

  #write(key: string, value: Uint8Array | null): void {
    const before = this.writes.get(key);
    this.budget.change(rowBytes(key, value) - (before === undefined ? 0 : rowBytes(key, before)));
    this.writes.set(key, value);
  }
}

const rowBytes = (key: string, value: Uint8Array | null): number => ROW_BYTES + key.length + (value?.length ?? 0);
