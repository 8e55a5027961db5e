import { Transaction, type WriteSet } from "./transaction.js";

export type CommittedRow = { readonly value: Uint8Array; /** Transaction that wrote it. */ readonly seqno: number };

export type CommittedTable = ReadonlyMap<string, CommittedRow>;

/** The replicated state: every table with its rows, and the sequence number of the last transaction applied. */
export class Store {
  readonly #tables = new Map<string, Map<string, CommittedRow>>();
  readonly #versions = new Map<string, number>();
  #seqno: number;

  /** @param seqno of the transaction before the first one to be applied */
  constructor(seqno = 0) {
    this.#seqno = seqno;
  }

  get seqno(): number {
    return this.#seqno;
  }

  begin(): Transaction {
    return new Transaction(this);
  }

  committed(table: string): CommittedTable | undefined {
    return this.#tables.get(table);
  }

  /** Sequence number of the last transaction that wrote the table; 0 if none has. */
  versionOf(table: string): number {
    return this.#versions.get(table) ?? 0;
  }

  /** Applies one transaction's writes as `seqno`, which must follow the last one. */
  apply(writes: WriteSet, seqno: number): void {
    if (seqno !== this.#seqno + 1) throw new Error(`transaction ${seqno} does not follow ${this.#seqno}`);
    for (const [name, rows] of writes) {
      let table = this.#tables.get(name);
      if (!table) this.#tables.set(name, (table = new Map<string, CommittedRow>()));
      for (const [key, value] of rows) {
        if (value === null) table.delete(key);
        else table.set(key, { value, seqno });
      }
      this.#versions.set(name, seqno);
    }
    this.#seqno = seqno;
  }
}
