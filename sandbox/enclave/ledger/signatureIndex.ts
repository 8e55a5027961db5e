/** Which transactions are signatures. */
export class SignatureIndex {
  readonly #seqnos: number[] = [];

  /** 0 if there is none. */
  get last(): number {
    return this.#seqnos.at(-1) ?? 0;
  }

  /** `seqno` must be greater than all before. */
  add(seqno: number): void {
    this.#seqnos.push(seqno);
  }

  has(seqno: number): boolean {
    return this.covering(seqno) === seqno;
  }

  /** The transaction whose signature is to be shown for `seqno`: itself if it is one, or the next one. */
  covering(seqno: number): number | undefined {
    return this.#seqnos[this.#firstFrom(seqno)];
  }

  /** The last one up to `seqno`; 0 if there is none. */
  lastUpTo(seqno: number): number {
    return this.#seqnos[this.#firstFrom(seqno + 1) - 1] ?? 0;
  }

  #firstFrom(seqno: number): number {
    let low = 0;
    let high = this.#seqnos.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#seqnos[middle] ?? Infinity) < seqno) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
