import type { HistoricalState } from "../js/host.js";

type Held = { readonly state: HistoricalState; readonly bytes: number };

/** What one handle asks for, and what has come of it. The methods that hold or let go of entries return by how many bytes. */
export class HistoricalRequest {
  readonly #held = new Map<number, Held>();
  #first = 1;
  #last = 0;
  #closed = false;
  #complete: readonly HistoricalState[] | undefined;
  /** Milliseconds of the clock. */
  expires = 0;
  fetching = false;

  /** Changes the range; what was fetched and is still wanted stays. */
  ask(first: number, last: number, expires: number): number {
    this.expires = expires;
    if (first === this.#first && last === this.#last) return 0;
    this.#first = first;
    this.#last = last;
    this.#complete = undefined;
    let change = 0;
    for (const [seqno, { bytes }] of this.#held) {
      if (seqno >= first && seqno <= last) continue;
      this.#held.delete(seqno);
      change -= bytes;
    }
    return change;
  }

  /** At most `limit` transactions that have not come yet, one after another; undefined when there are none. */
  missing(limit: number): { readonly first: number; readonly last: number } | undefined {
    if (this.#closed) return undefined;
    let first = this.#first;
    while (first <= this.#last && this.#held.has(first)) first++;
    if (first > this.#last) return undefined;
    let last = first;
    while (last < this.#last && last - first + 1 < limit && !this.#held.has(last + 1)) last++;
    return { first, last };
  }

  add(seqno: number, bytes: number, state: HistoricalState): number {
    if (this.#closed || seqno < this.#first || seqno > this.#last || this.#held.has(seqno)) return 0;
    this.#held.set(seqno, { state, bytes });
    return bytes;
  }

  /** The states in order; null until all have come. */
  states(): readonly HistoricalState[] | null {
    if (this.#complete) return this.#complete;
    if (this.#held.size !== this.#last - this.#first + 1) return null;
    const states = [...this.#held].sort(([a], [b]) => a - b).map(([, { state }]) => state);
    this.#complete = states;
    return states;
  }

  close(): number {
    let bytes = 0;
    for (const held of this.#held.values()) bytes += held.bytes;
    this.#held.clear();
    this.#closed = true;
    return -bytes;
  }
}
