type IndexedChunk = { path: string; readonly first: number; readonly offsets: number[] };

/** A run of entries within one file, in bytes. */
export type Extent = { readonly path: string; readonly start: number; readonly end: number; readonly count: number };

/** Where every entry is: 8 bytes of memory an entry. */
export class LedgerIndex {
  readonly #chunks: IndexedChunk[] = [];

  get lastSeqno(): number {
    const chunk = this.#chunks.at(-1);
    return chunk ? chunk.first + chunk.offsets.length - 2 : 0;
  }

  /** @param offsets where each frame begins, and last where the last one ends */
  addChunk(path: string, first: number, offsets: number[] = [0]): void {
    this.#chunks.push({ path, first, offsets });
  }

  /** Bytes in the last file. */
  get lastChunkBytes(): number {
    return this.#chunks.at(-1)?.offsets.at(-1) ?? 0;
  }

  addFrame(bytes: number): void {
    const offsets = this.#chunks.at(-1)?.offsets;
    offsets?.push((offsets.at(-1) ?? 0) + bytes);
  }

  renameLast(path: string): void {
    const chunk = this.#chunks.at(-1);
    if (chunk) chunk.path = path;
  }

  /** Forgets what follows `last`. What is left ends in the file that is returned; the others are gone from the ledger. */
  cut(last: number): { readonly kept: { path: string; first: number; bytes: number } | undefined; readonly gone: readonly string[] } {
    const gone = this.#chunks.filter(({ first }) => first > last).map(({ path }) => path);
    this.#chunks.length -= gone.length;
    const chunk = this.#chunks.at(-1);
    if (!chunk) return { kept: undefined, gone };
    chunk.offsets.length = Math.min(chunk.offsets.length, last - chunk.first + 2);
    return { kept: { path: chunk.path, first: chunk.first, bytes: this.lastChunkBytes }, gone };
  }

  /** @throws RangeError where not all of `first` to `last` are there */
  find(first: number, last: number): Extent[] {
    if (first < 1 || last > this.lastSeqno || last < first) throw new RangeError(`no transactions ${first} to ${last}`);
    const extents: Extent[] = [];
    for (let i = this.#chunks.length - 1; i >= 0; i--) {
      const chunk = this.#chunks[i];
      if (!chunk || chunk.first > last) continue;
      const from = Math.max(first, chunk.first) - chunk.first;
      const to = Math.min(last - chunk.first + 1, chunk.offsets.length - 1);
      if (to > from) extents.unshift({ path: chunk.path, start: chunk.offsets[from] ?? 0, end: chunk.offsets[to] ?? 0, count: to - from });
      if (chunk.first <= first) break;
    }
    return extents;
  }
}
