import { LedgerCorrupt } from "./corrupt.js";

/** Takes fields off the front of `bytes`. Integers are big-endian. Every method throws LedgerCorrupt at the end of the bytes. */
export class Reader {
  readonly #bytes: Buffer;
  readonly #base: number;
  #position = 0;

  /** @param base offset of `bytes` in the entry, for messages */
  constructor(bytes: Uint8Array, base = 0) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#base = base;
  }

  get offset(): number {
    return this.#base + this.#position;
  }

  get left(): number {
    return this.#bytes.length - this.#position;
  }

  /** A view, not a copy. */
  bytes(length: number): Buffer {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  u8(): number {
    return this.#bytes.readUInt8(this.#take(1));
  }

  u16(): number {
    return this.#bytes.readUInt16BE(this.#take(2));
  }

  u32(): number {
    return this.#bytes.readUInt32BE(this.#take(4));
  }

  u48(): number {
    return this.#bytes.readUIntBE(this.#take(6), 6);
  }

  /** Where the next `length` bytes begin, which are taken with that. */
  #take(length: number): number {
    if (length > this.left) throw this.corrupt(`${length} bytes are announced, ${this.left} are left`);
    const start = this.#position;
    this.#position += length;
    return start;
  }

  corrupt(reason: string): LedgerCorrupt {
    return new LedgerCorrupt(reason, this.offset);
  }
}
