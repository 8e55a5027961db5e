import { mkdir, open, rename, truncate, unlink } from "node:fs/promises";
import type { AppendFlags } from "../enclave/ledger/storage.js";
import { chunkPath } from "./ledger/chunk.js";
import { syncDirectory } from "./ledger/durable.js";
import { readExtents } from "./ledger/extents.js";
import { FRAME_HEADER_BYTES, frameHeader } from "./ledger/frame.js";
import { LedgerIndex } from "./ledger/index.js";
import { OpenChunk } from "./ledger/openChunk.js";
import { scanLedger } from "./ledger/scan.js";
import type { LedgerEvents, LedgerWriter } from "./ledger/writer.js";

/** Where in the directory of a service its ledger is. */
export const LEDGER_FOLDER = "ledger";

const DEFAULT_CHUNK_BYTES = 5 * 1024 * 1024;

type Queued = { readonly seqno: number; readonly entry: Uint8Array; readonly flags: AppendFlags };

export type LedgerFilesOptions = {
  /** A file ends with the first signature after so many bytes. */
  readonly chunkBytes?: number;
};

/**
 * The ledger in a directory. Entries are written as they come; a signature is followed by one fdatasync for all before it.
 *
 * To go on with a ledger: `recover` to the end, then `cut` to what the enclave accepted of it; then `append`.
 */
export class LedgerFiles implements LedgerWriter {
  readonly #directory: string;
  readonly #events: LedgerEvents;
  readonly #chunkBytes: number;
  readonly #index = new LedgerIndex();
  #chunk: OpenChunk | undefined;
  #queue: Queued[] = [];
  #writing: Promise<void> | undefined;
  #failure: Error | undefined;

  private constructor(directory: string, events: LedgerEvents, { chunkBytes = DEFAULT_CHUNK_BYTES }: LedgerFilesOptions) {
    this.#directory = directory;
    this.#events = events;
    this.#chunkBytes = chunkBytes;
  }

  /** Makes the directory if need be. */
  static async open(directory: string, events: LedgerEvents, options: LedgerFilesOptions = {}): Promise<LedgerFiles> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return new LedgerFiles(directory, events, options);
  }

  /**
   * All entries from the first byte on, file by file; those of a file are views of one buffer. What was being written when the last run
   * ended is left out.
   *
   * @throws LedgerDamaged
   */
  async *recover(): AsyncGenerator<readonly Uint8Array[]> {
    for await (const { chunk, entries, offsets } of scanLedger(this.#directory)) {
      this.#index.addChunk(chunk.path, chunk.first, offsets);
      yield entries;
    }
  }

  /** Takes the transactions after `last` out of the files, for good; and what was only partly written. */
  async cut(last: number): Promise<void> {
    const { kept, gone } = this.#index.cut(last);
    for (const path of gone.toReversed()) await unlink(path);
    if (kept) {
      const path = chunkPath(this.#directory, kept.first);
      if (path !== kept.path) await rename(kept.path, path);
      this.#index.renameLast(path);
      await truncate(path, kept.bytes);
      await syncFile(path);
      this.#chunk = await OpenChunk.open(this.#directory, kept.first);
    }
    await syncDirectory(this.#directory);
  }

  append(seqno: number, entry: Uint8Array, flags: AppendFlags): void {
    if (this.#failure) return;
    this.#queue.push({ seqno, entry, flags });
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    try {
      while (this.#queue.length > 0) await this.#writeSome();
    } catch (error) {
      // After a failed fsync nobody knows what is on disk: the only safe thing is to stop.
      this.#failure = error instanceof Error ? error : new Error(String(error));
      this.#queue = [];
      this.#events.failed(this.#failure);
    } finally {
      this.#writing = undefined;
    }
  }

  /** Writes what is waiting, or the part of it that goes into the present file. */
  async #writeSome(): Promise<void> {
    const first = this.#queue[0];
    if (!first) return;
    if (first.seqno !== this.#index.lastSeqno + 1) throw new Error(`transaction ${first.seqno} does not follow ${this.#index.lastSeqno}`);
    if (!this.#chunk) {
      this.#chunk = await OpenChunk.open(this.#directory, first.seqno);
      this.#index.addChunk(chunkPath(this.#directory, first.seqno), first.seqno);
    }
    const bytesBefore = this.#index.lastChunkBytes;
    const { batch, bytes, endsFile } = takeBatch(this.#queue, this.#chunkBytes - bytesBefore);
    this.#queue = this.#queue.slice(batch.length);
    await this.#chunk.write(Buffer.concat(bytes));
    for (const { entry } of batch) this.#index.addFrame(FRAME_HEADER_BYTES + entry.length);

    const signed = batch.findLast(({ flags }) => flags.signature);
    if (!signed) return;
    await this.#chunk.sync();
    this.#events.persisted(signed.seqno);
    if (!endsFile) return;
    this.#index.renameLast(await this.#chunk.end(signed.seqno));
    this.#chunk = undefined;
  }

  async read(first: number, last: number): Promise<readonly Uint8Array[]> {
    try {
      return await readExtents(this.#index.find(first, last));
    } catch (error) {
      if (!isMissing(error)) throw error;
      // The file was ended, and so renamed, in between.
      await this.#writing;
      return readExtents(this.#index.find(first, last));
    }
  }

  async close(): Promise<void> {
    await this.#writing;
    const chunk = this.#chunk;
    this.#chunk = undefined;
    if (!this.#failure) await chunk?.sync();
    await chunk?.close();
  }
}

/** Takes entries up to the end of the file: the first signature that asks for it, or after which the file has no `room` left, in bytes. */
function takeBatch(queue: readonly Queued[], room: number): { batch: Queued[]; bytes: Uint8Array[]; endsFile: boolean } {
  const batch: Queued[] = [];
  const bytes: Uint8Array[] = [];
  let length = 0;
  for (const queued of queue) {
    batch.push(queued);
    bytes.push(frameHeader(queued.entry), queued.entry);
    length += FRAME_HEADER_BYTES + queued.entry.length;
    if (queued.flags.signature && (queued.flags.endOfChunk || length >= room)) return { batch, bytes, endsFile: true };
  }
  return { batch, bytes, endsFile: false };
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";
