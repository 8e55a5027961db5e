import type { AppendFlags } from "../../enclave/ledger/storage.js";
import type { LedgerEvents, LedgerWriter } from "./writer.js";

/** The ledger of a service that keeps nothing: what it holds ends with the process, and survives nothing. */
export class MemoryLedger implements LedgerWriter {
  readonly #entries: Uint8Array[] = [];
  #events: Pick<LedgerEvents, "persisted"> = { persisted: () => undefined };

  /** Tells another run of the enclave from now on. */
  attach(events: Pick<LedgerEvents, "persisted">): this {
    this.#events = events;
    return this;
  }

  async *recover(): AsyncGenerator<readonly Uint8Array[]> {
    if (this.#entries.length > 0) yield await this.read(1, this.#entries.length);
  }

  cut(last: number): Promise<void> {
    this.#entries.length = last;
    return Promise.resolve();
  }

  append(seqno: number, entry: Uint8Array, { signature }: AppendFlags): void {
    if (seqno !== this.#entries.length + 1) throw new Error(`transaction ${seqno} does not follow ${this.#entries.length}`);
    this.#entries.push(entry);
    if (signature) setImmediate(this.#events.persisted, seqno);
  }

  read(first: number, last: number): Promise<readonly Uint8Array[]> {
    const found = this.#entries.slice(first - 1, last);
    if (first < 1 || found.length !== last - first + 1) return Promise.reject(new RangeError(`no transactions ${first} to ${last}`));
    const copy = Buffer.concat(found);
    let end = 0;
    return Promise.resolve(found.map((entry) => copy.subarray(end, (end += entry.length))));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
