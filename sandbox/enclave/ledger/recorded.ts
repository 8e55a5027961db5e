import type { HistoricalState, ScriptReceipt } from "../js/host.js";
import type { LedgerSecret } from "../identity/secrets.js";
import { Store } from "../kv/store.js";
import type { ReadableTable } from "../kv/table.js";
import { privateWrites, publicWrites, type Entry } from "./entry.js";

/** A committed transaction, taken from the ledger and found to be what the Merkle tree says. Nothing is decoded before it is asked for. */
export class RecordedTransaction implements HistoricalState {
  readonly #entry: Entry;
  readonly #secret: LedgerSecret;
  readonly #makeReceipt: () => ScriptReceipt;
  #receipt: ScriptReceipt | undefined;
  #store: Store | undefined;

  constructor(entry: Entry, secret: LedgerSecret, makeReceipt: () => ScriptReceipt) {
    this.#entry = entry;
    this.#secret = secret;
    this.#makeReceipt = makeReceipt;
  }

  get transactionId(): string {
    return `${this.#entry.view}.${this.#entry.seqno}`;
  }

  get receipt(): ScriptReceipt {
    return (this.#receipt ??= this.#makeReceipt());
  }

  /** Only the rows that this transaction wrote. */
  table(name: string): ReadableTable {
    this.#store ??= this.#decode();
    return this.#store.begin().table(name);
  }

  #decode(): Store {
    const store = new Store(this.#entry.seqno - 1);
    store.apply(new Map([...publicWrites(this.#entry), ...privateWrites(this.#entry, this.#secret)]), this.#entry.seqno);
    return store;
  }
}
