/** A view and the first sequence number in it. */
export type ViewStart = { readonly view: number; readonly first: number };

/**
 * Which view each sequence number belongs to. A view begins whenever the service starts anew; so a transaction id that was given out and
 * then lost never comes to mean another transaction.
 */
export class ViewHistory {
  /** First sequence number of view `i + 1`. A new service is in view 2, as in CCF, where view 1 is the election of the first primary. */
  readonly #starts = [1, 1];

  get current(): number {
    return this.#starts.length;
  }

  /** Makes `view` begin at `seqno`. Views that were passed over begin, and end, there too. */
  begin(view: number, seqno: number): void {
    while (this.current < view) this.#starts.push(seqno);
  }

  /** View of a sequence number; null before the first one. */
  viewOf(seqno: number): number | null {
    for (let view = this.current; view > 0; view--) {
      if ((this.#starts[view - 1] ?? 0) <= seqno) return view;
    }
    return null;
  }

  /** Every view from `since` on, with its first sequence number. */
  list(since = 1): ViewStart[] {
    return this.#starts.map((first, i) => ({ view: i + 1, first })).filter(({ view }) => view >= since);
  }
}
