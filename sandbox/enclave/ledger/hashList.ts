import { DIGEST_BYTES } from "./sha256.js";

const HASHES_PER_BLOCK = 512;

/** A growing list of digests, 32 bytes each, in blocks of 16 KiB. */
export class HashList {
  readonly #blocks: Buffer[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(hash: Uint8Array): void {
    const index = this.#size % HASHES_PER_BLOCK;
    if (index === 0) this.#blocks.push(Buffer.allocUnsafeSlow(HASHES_PER_BLOCK * DIGEST_BYTES));
    this.#blocks.at(-1)?.set(hash, index * DIGEST_BYTES);
    this.#size++;
  }

  /** A view, good until the list is truncated. */
  get(index: number): Buffer {
    const block = index < this.#size ? this.#blocks[Math.floor(index / HASHES_PER_BLOCK)] : undefined;
    if (!block) throw new RangeError(`no digest ${index} among ${this.#size}`);
    const start = (index % HASHES_PER_BLOCK) * DIGEST_BYTES;
    return block.subarray(start, start + DIGEST_BYTES);
  }

  truncate(size: number): void {
    this.#blocks.length = Math.ceil(size / HASHES_PER_BLOCK);
    this.#size = size;
  }
}
