import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Bytes } from "./encrypt.js";
import { forget, remember } from "./drafts.js";
import { notWritten } from "./notWritten.js";

/** Larger ones make neither faster nor, as they pass through, much garbage less. */
const PIECE_BYTES = 64 * 1024;
/** Small chunks are written together. A whole MB would be no faster, and its garbage stands in memory for longer. */
const WRITE_BYTES = 512 * 1024;

/** Characters of a file's name that its draft shows, which has 43 bytes of its own: a name has 255 bytes, a character up to three. */
const DRAFT_NAME = 70;

/** The content of a file. The next piece is read while one is worked on; a piece is good until the one after it is asked for. */
export async function* pieces(file: string): AsyncGenerator<Buffer> {
  const handle = await open(file, "r");
  const buffers = [Buffer.allocUnsafeSlow(PIECE_BYTES), Buffer.allocUnsafeSlow(PIECE_BYTES)];
  const read = (turn: number) => handle.read(buffers[turn % 2] ?? Buffer.allocUnsafeSlow(PIECE_BYTES), 0, PIECE_BYTES, null);
  let next = read(0);
  try {
    for (let turn = 1; ; turn++) {
      const { bytesRead, buffer } = await next;
      if (bytesRead === 0) return;
      next = read(turn);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await next.catch(() => undefined);
    await handle.close();
  }
}

/**
 * Writes a file that gets its name when the stream has ended without an error; of what failed nothing stays. Folders are made as needed.
 *
 * @param content its chunks are its own: some are kept until they are written
 * @returns bytes of the file
 * @throws DataError NotWritten, and whatever the stream throws
 */
export async function writeNew(file: string, content: Bytes, mode: number): Promise<number> {
  await makeFolder(dirname(file));
  const draft = join(dirname(file), `.${basename(file).slice(0, DRAFT_NAME)}.${randomUUID()}.part`);
  remember(draft);
  let size = 0;
  try {
    const handle = await writing(file, open(draft, "wx", mode));
    let begun = Promise.resolve(0);
    try {
      // One batch is written while the next is made.
      for await (const batch of batches(content)) {
        size += await begun;
        begun = writing(file, write(handle, batch));
        begun.catch(() => undefined); // is awaited, and thrown, in the next turn
      }
      size += await begun;
    } finally {
      await begun.catch(() => undefined);
      await writing(file, handle.close());
    }
    await writing(file, rename(draft, file));
    return size;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    forget(draft);
  }
}

/** Makes a folder, and those that it lies in. @throws DataError NotWritten */
export async function makeFolder(folder: string): Promise<void> {
  await writing(folder, mkdir(folder, { recursive: true }));
}

/** @throws DataError NotWritten, with the name of the file that was to be */
async function writing<T>(file: string, done: Promise<T>): Promise<T> {
  return done.catch((cause: unknown) => {
    throw notWritten(file, cause);
  });
}

async function write(handle: FileHandle, batch: readonly Uint8Array[]): Promise<number> {
  const { bytesWritten } = await handle.writev(batch);
  const all = batch.reduce((sum, chunk) => sum + chunk.length, 0);
  if (bytesWritten < all) await handle.writeFile(Buffer.concat(batch).subarray(bytesWritten)); // says why, where it cannot
  return all;
}

async function* batches(content: Bytes): AsyncGenerator<Uint8Array[]> {
  let batch: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    batch.push(chunk);
    bytes += chunk.length;
    if (bytes < WRITE_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (bytes > 0) yield batch;
}
