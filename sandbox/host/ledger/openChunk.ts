import { open, rename, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { chunkPath } from "./chunk.js";
import { syncDirectory } from "./durable.js";

/** The file that entries are added to. */
export class OpenChunk {
  readonly first: number;
  readonly #path: string;
  readonly #handle: FileHandle;
  #bytes: number;

  private constructor(path: string, first: number, handle: FileHandle, bytes: number) {
    this.#path = path;
    this.first = first;
    this.#handle = handle;
    this.#bytes = bytes;
  }

  /** Opens the file that begins with `first`, or makes it; its name is durable then. */
  static async open(directory: string, first: number): Promise<OpenChunk> {
    const path = chunkPath(directory, first);
    const handle = await open(path, "a", 0o600);
    await syncDirectory(directory);
    return new OpenChunk(path, first, handle, (await handle.stat()).size);
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#handle.appendFile(bytes);
    this.#bytes += bytes.length;
  }

  /** Makes durable what was written. @throws Error also where somebody has deleted or cut the file, which a write does not notice */
  async sync(): Promise<void> {
    await this.#handle.datasync();
    const { nlink, size } = await this.#handle.stat();
    if (nlink === 0) throw new Error(`${this.#path} has been deleted`);
    if (size !== this.#bytes) throw new Error(`${this.#path} has ${size} bytes, but ${this.#bytes} were written`);
  }

  /** Ends the file with transaction `last`, which must be durable. */
  async end(last: number): Promise<string> {
    await this.#handle.close();
    const directory = dirname(this.#path);
    const path = chunkPath(directory, this.first, last);
    await rename(this.#path, path);
    await syncDirectory(directory);
    return path;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
