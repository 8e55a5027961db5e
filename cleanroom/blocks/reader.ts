import type { Bytes } from "./encrypt.js";

/** Takes a stream apart by numbers of bytes. */
export class Reader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(stream: Bytes) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Up to so many bytes, as they come; none at the end. They are good until the next call. */
  async some(atMost: number): Promise<Uint8Array> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return this.#rest;
      this.#rest = next.value;
    }
    const part = this.#rest.subarray(0, atMost);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }

  /** So many bytes, or as many as there are left. */
  async exactly(bytes: number): Promise<Buffer> {
    const found = Buffer.alloc(bytes);
    let filled = 0;
    while (filled < bytes) {
      const part = await this.some(bytes - filled);
      if (part.length === 0) break;
      found.set(part, filled);
      filled += part.length;
    }
    return found.subarray(0, filled);
  }

  /** Ends the stream; what holds it is let go. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
