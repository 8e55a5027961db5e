import { sweeper } from "./garbage.js";
import type { Bytes } from "../blocks/encrypt.js";

/** What a transfer has done. */
export type Summary = {
  /** Files that were written or sent. */
  readonly done: number;
  /** Files that were there already. */
  readonly unchanged: number;
  /** Bytes of the files that were written or sent: of plaintext, except where a transfer leaves files encrypted. */
  readonly bytes: number;
  /** Of the files that were read: those without a seal, whose blocks alone were checked. */
  readonly unsealed: number;
};

/** Told of how far a transfer is, whenever there is news. */
export type Watch = (state: {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly files: number;
  readonly totalFiles: number;
}) => void;

/** Adds up what happens to the files of a transfer. */
export class Tally {
  #done = 0;
  #unchanged = 0;
  #bytes = 0;
  #unsealed = 0;
  #passed = 0;
  readonly #sweep = sweeper();

  constructor(
    readonly totalFiles: number,
    readonly totalBytes: number,
    readonly watch: Watch = () => undefined,
  ) {}

  /** Passes a stream on. */
  async *count(stream: Bytes): AsyncGenerator<Uint8Array> {
    for await (const chunk of stream) {
      this.#passed += chunk.length;
      this.#tell();
      this.#sweep(chunk.length);
      yield chunk;
    }
  }

  finished(bytes: number, { unsealed = false }: { readonly unsealed?: boolean } = {}): void {
    this.#done++;
    this.#bytes += bytes;
    if (unsealed) this.#unsealed++;
    this.#tell();
  }

  skipped(bytes: number): void {
    this.#unchanged++;
    this.#passed += bytes;
    this.#tell();
  }

  summary(): Summary {
    return { done: this.#done, unchanged: this.#unchanged, bytes: this.#bytes, unsealed: this.#unsealed };
  }

  #tell(): void {
    const files = this.#done + this.#unchanged;
    this.watch({ bytes: Math.min(this.#passed, this.totalBytes), totalBytes: this.totalBytes, files, totalFiles: this.totalFiles });
  }
}
