import type { Identity } from "../identity.js";
import type { Consensus } from "../js/host.js";
import type { Store } from "../kv/store.js";
import type { Transaction, WriteSet } from "../kv/transaction.js";
import { encodeEntry, leafOf, type TransactionId } from "./entry.js";
import { Historical, type HistoricalOptions } from "./historical.js";
import { systemTimers, type SignaturePolicy, type Timers } from "./policy.js";
import { writeSignature } from "./signature.js";
import { emptyState, type LedgerState } from "./state.js";
import type { LedgerStorage } from "./storage.js";
import type { ViewStart } from "./views.js";

export type LedgerOptions = {
  readonly identity: Identity;
  readonly storage: LedgerStorage;
  readonly policy: SignaturePolicy;
  readonly timers?: Timers;
  /** What a replay found; a new service has none. The storage must have been cut to just this. */
  readonly state?: LedgerState;
  readonly historical: HistoricalOptions;
};

/**
 * The transactions of the service, in order. A transaction is applied at once, signed soon after, and *committed* when the signature over
 * it is on disk.
 */
export class Ledger implements Consensus {
  readonly store: Store;
  readonly historical: Historical;
  readonly #state: LedgerState;
  readonly #identity: Identity;
  readonly #storage: LedgerStorage;
  readonly #policy: SignaturePolicy;
  readonly #timers: Timers;
  #cancelTimer: (() => void) | undefined;
  #committed: number;
  #endChunk = false;
  #waiting: { readonly seqno: number; readonly resolve: () => void }[] = [];

  constructor({ identity, storage, policy, timers, state, historical }: LedgerOptions) {
    this.#state = state ?? emptyState();
    this.store = this.#state.store;
    this.#identity = identity;
    this.#storage = storage;
    this.#policy = policy;
    this.#timers = timers ?? systemTimers;
    this.#committed = this.#state.store.seqno;
    this.historical = new Historical({ ...this.#state, secrets: identity.secrets, storage, committed: () => this.#committed }, historical);
    if (this.#committed > 0) this.#beginView();
  }

  /**
   * A service that resumes signs first of all, in its new view. Once `whenCommitted` of that resolves, the view is on disk, and ids of
   * the view before that were given out and lost can no longer come to mean anything. Requests must wait for it.
   */
  #beginView(): void {
    this.#state.views.begin(this.currentView + 1, this.store.seqno + 1);
    this.#sign();
  }

  /** The Merkle root over all transactions up to now; 32 bytes. */
  root(): Uint8Array {
    return this.#state.tree.root();
  }

  get currentView(): number {
    return this.#state.views.current;
  }

  /** 0 if nothing was signed yet. */
  get lastSignedSeqno(): number {
    return this.#state.signatures.last;
  }

  /**
   * Applies a transaction and appends it to the ledger. One without writes is not recorded: its id is that of the state it read.
   *
   * @throws Error where another transaction was committed since `tx` began; RangeError for what cannot be recorded. Neither changes anything.
   */
  commit(tx: Transaction): TransactionId {
    const writes = tx.writeSet();
    if (writes.size === 0) return { view: this.viewOf(tx.readSeqno) ?? 0, seqno: tx.readSeqno };
    if (tx.readSeqno !== this.store.seqno)
      throw new Error(`the transaction read ${tx.readSeqno}, but ${this.store.seqno} was committed since`);

    const id = this.#append(writes, tx.claimsDigest, false);
    if (id.seqno - this.lastSignedSeqno >= this.#policy.transactions) this.sign();
    else
      this.#cancelTimer ??= this.#timers.after(this.#policy.milliseconds, () => {
        this.sign();
      });
    return id;
  }

  /** Signs what is not signed yet, if anything is. To be called at the end of a run. */
  sign(): void {
    if (this.store.seqno > this.lastSignedSeqno) this.#sign();
  }

  #sign(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const id = { view: this.currentView, seqno: this.store.seqno + 1 };
    const tx = this.store.begin();
    writeSignature(tx, id, this.#state.tree, this.#identity, this.lastCommitted());
    this.#append(tx.writeSet(), undefined, true);
  }

  /** The next signature ends the file that it is in. */
  endChunkAtNextSignature(): void {
    this.#endChunk = true;
  }

  #append(writes: WriteSet, claimsDigest: Uint8Array | undefined, signature: boolean): TransactionId {
    const { store, tree, signatures } = this.#state;
    const id = { view: this.currentView, seqno: store.seqno + 1 };
    const entry = encodeEntry(id, writes, claimsDigest, this.#identity.secrets.at(id.seqno));
    tree.append(leafOf(entry));
    store.apply(writes, id.seqno);
    this.#identity.secrets.observe(writes, id.seqno);
    if (signature) signatures.add(id.seqno);
    const endOfChunk = signature && this.#endChunk;
    if (endOfChunk) this.#endChunk = false;
    this.#storage.append(id.seqno, entry.bytes, { signature, endOfChunk });
    return id;
  }

  /** The host's word that all transactions up to `seqno` are on disk. */
  persisted(seqno: number): void {
    const committed = this.#state.signatures.lastUpTo(seqno);
    if (committed <= this.#committed) return;
    this.#committed = committed;
    const due = this.#waiting.filter((waiter) => waiter.seqno <= committed);
    this.#waiting = this.#waiting.filter((waiter) => waiter.seqno > committed);
    for (const { resolve } of due) resolve();
  }

  /** Resolves once the transaction is committed. */
  whenCommitted(seqno: number): Promise<void> {
    if (seqno <= this.#committed) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ seqno, resolve }));
  }

  lastCommitted(): TransactionId {
    return { view: this.viewOf(this.#committed) ?? 0, seqno: this.#committed };
  }

  /** As CCF tells it: an id is invalid once its number is committed in another view, or the commit has passed its view. */
  statusOf(view: number, seqno: number): "Unknown" | "Pending" | "Committed" | "Invalid" {
    const matches = this.viewOf(seqno) === view;
    if (seqno <= this.#committed) return matches ? "Committed" : "Invalid";
    if (matches) return "Pending";
    return view < this.lastCommitted().view ? "Invalid" : "Unknown";
  }

  viewOf(seqno: number): number | null {
    return seqno > this.store.seqno ? null : this.#state.views.viewOf(seqno);
  }

  /** Every view with its first sequence number. */
  viewHistory(): readonly ViewStart[] {
    return this.#state.views.list();
  }
}
