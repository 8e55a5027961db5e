import type { HistoricalState, HistoricalStates } from "../js/host.js";
import type { LedgerSecrets } from "../identity/secrets.js";
import { decodeEntry, leafOf, publicWrites, type Entry } from "./entry.js";
import { HistoricalRequest } from "./historicalRequest.js";
import { proofReceipt, signatureReceipt } from "./receipt.js";
import { RecordedTransaction } from "./recorded.js";
import { signatureIn, type SignatureRecord } from "./signature.js";
import type { LedgerState } from "./state.js";
import type { LedgerStorage } from "./storage.js";

/** What the ledger shows of itself. */
export type HistoricalSource = LedgerState & {
  readonly secrets: LedgerSecrets;
  readonly storage: LedgerStorage;
  /** Sequence number of the last committed transaction. */
  committed(): number;
};

export type HistoricalOptions = {
  /** Milliseconds of any clock that goes forward. */
  readonly now: () => number;
  /** A line for the log when the host gives what is not in the ledger, or cannot read it. */
  readonly warn: (line: string) => void;
  /** Bytes of entries to keep; what is in use is kept in any case. */
  readonly maxBytes?: number;
};

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
/** How long a single transaction is kept after it was last asked for (CCF's default). */
const STATE_EXPIRY_MS = 1800 * 1000;
/** Entries asked of the host at a time. */
const PAGE = 1000;
const SWEEP_EVERY_MS = 1000;

/**
 * Past transactions. The first question has them fetched from the host and gets no answer yet; once they have come and match the Merkle
 * tree, the same question is answered.
 */
export class Historical implements HistoricalStates {
  readonly #source: HistoricalSource;
  readonly #options: HistoricalOptions;
  /** Least recently used first. */
  readonly #requests = new Map<string, HistoricalRequest>();
  #bytes = 0;
  #lastSweep = 0;

  constructor(source: HistoricalSource, options: HistoricalOptions) {
    this.#source = source;
    this.#options = options;
  }

  range(handle: number, first: number, last: number, expirySeconds: number): readonly HistoricalState[] | null {
    if (last < first) throw new Error(`Invalid range for historical query: end ${last} is before start ${first}`);
    if (first < 1) this.#source.secrets.at(first);
    return this.#request(`handle ${handle}`, first, last, expirySeconds * 1000);
  }

  drop(handle: number): boolean {
    return this.#forget(`handle ${handle}`);
  }

  /** One committed transaction; undefined while it is fetched, and if there is no such transaction. */
  state(view: number, seqno: number): HistoricalState | undefined {
    if (seqno < 1 || this.#source.views.viewOf(seqno) !== view) return undefined;
    return this.#request(`transaction ${seqno}`, seqno, seqno, STATE_EXPIRY_MS)?.[0];
  }

  #request(key: string, first: number, last: number, keepMs: number): readonly HistoricalState[] | null {
    const now = this.#options.now();
    this.#sweep(now);
    const request = this.#requests.get(key) ?? new HistoricalRequest();
    this.#requests.delete(key);
    this.#requests.set(key, request);
    this.#bytes += request.ask(first, last, now + keepMs);
    if (last > this.#source.committed()) return null;

    const states = request.states();
    if (!states && !request.fetching) {
      request.fetching = true;
      this.#fetch(request)
        .catch((error: unknown) => {
          this.#options.warn(`historical query ${first} to ${last}: ${error instanceof Error ? error.message : String(error)}`);
        })
        .finally(() => {
          request.fetching = false;
        });
    }
    return states;
  }

  async #fetch(request: HistoricalRequest): Promise<void> {
    for (let missing = request.missing(PAGE); missing && missing.last <= this.#source.committed(); missing = request.missing(PAGE)) {
      const { first, last } = missing;
      const entries = await this.#read(first, last);
      const covering = this.#source.signatures.covering(last);
      if (covering === undefined) throw new Error(`no signature over transaction ${last}`);
      const beyond = covering > last ? await this.#read(covering, covering) : [];
      const signatures = signaturesIn([...entries, ...beyond]);
      for (const entry of entries) this.#bytes += request.add(entry.seqno, entry.bytes.length, this.#recorded(entry, signatures));
    }
    this.#evict(request);
  }

  /** @throws LedgerCorrupt, Error where the host's entries are not the ledger's */
  async #read(first: number, last: number): Promise<Entry[]> {
    const { storage, tree } = this.#source;
    const all = await storage.read(first, last);
    if (all.length !== last - first + 1) throw new Error(`the host gave ${all.length} entries for ${first} to ${last}`);
    return all.map((bytes, i) => {
      const entry = decodeEntry(bytes);
      if (!leafOf(entry).equals(tree.leaf(first + i))) throw new Error(`the host's entry for transaction ${first + i} is not the ledger's`);
      return entry;
    });
  }

  #recorded(entry: Entry, signatures: ReadonlyMap<number, SignatureRecord>): RecordedTransaction {
    const { secrets, tree, signatures: index } = this.#source;
    const secret = secrets.at(entry.seqno);
    const covering = index.covering(entry.seqno);
    const signature = covering === undefined ? undefined : signatures.get(covering);
    if (!signature) throw new Error(`no signature over transaction ${entry.seqno}`);
    return new RecordedTransaction(entry, secret, () =>
      covering === entry.seqno ? signatureReceipt(signature) : proofReceipt(entry, secret, tree, signature),
    );
  }

  #sweep(now: number): void {
    if (now - this.#lastSweep < SWEEP_EVERY_MS) return;
    this.#lastSweep = now;
    for (const [key, request] of this.#requests) if (request.expires <= now) this.#forget(key);
  }

  #evict(kept: HistoricalRequest): void {
    for (const [key, request] of this.#requests) {
      if (this.#bytes <= (this.#options.maxBytes ?? DEFAULT_MAX_BYTES)) return;
      if (request !== kept && !request.fetching) this.#forget(key);
    }
  }

  #forget(key: string): boolean {
    const request = this.#requests.get(key);
    if (request) this.#bytes += request.close();
    return this.#requests.delete(key);
  }
}

function signaturesIn(entries: readonly Entry[]): Map<number, SignatureRecord> {
  const found = new Map<number, SignatureRecord>();
  for (const entry of entries) {
    const signature = signatureIn(publicWrites(entry));
    if (signature) found.set(entry.seqno, signature);
  }
  return found;
}
