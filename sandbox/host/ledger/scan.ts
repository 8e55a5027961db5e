import { readFile } from "node:fs/promises";
import { listChunks, type Chunk } from "./chunk.js";
import { LedgerDamaged } from "./damaged.js";
import { readFrame } from "./frame.js";

/** One file of the ledger with its whole entries. */
export type ScannedChunk = {
  readonly chunk: Chunk;
  /** All are views of one buffer that nothing else uses. */
  readonly entries: readonly Uint8Array[];
  /** Where each entry's frame begins in the file, in bytes, and last where the last one ends. */
  readonly offsets: number[];
  /** What is cut off after that, in the last file only. */
  readonly torn: string | undefined;
};

/**
 * Reads a ledger from its first byte. Of a damaged file, the entries before the damage come first. A service may be writing meanwhile;
 * what is read is what was there at some moment.
 *
 * @throws LedgerDamaged for anything but a last frame that was not written to its end
 */
export async function* scanLedger(directory: string): AsyncGenerator<ScannedChunk> {
  let { chunks, stray } = await listChunks(directory);
  // A file that got its last name while the directory was read may be there twice, or not at all.
  if (!areConsecutive(chunks)) ({ chunks, stray } = await listChunks(directory));
  let next = 1;
  const requireNoStray = (): void => {
    if (stray !== undefined) throw new LedgerDamaged("this is no file of a ledger", stray, 0, next);
  };
  for (const [i, listed] of chunks.entries()) {
    if (listed.first !== next) requireNoStray();
    if (listed.first !== next) throw new LedgerDamaged(`this file begins with transaction ${listed.first}`, listed.path, 0, next);
    const { chunk, bytes } = await readChunk(directory, listed);
    const { entries, offsets, rest } = scanChunk(bytes);
    next += entries.length;
    const open = chunk.last === undefined && i === chunks.length - 1;
    yield { chunk, entries, offsets, torn: rest?.kind === "torn" && open ? rest.reason : undefined };

    const fault = rest && (rest.kind === "damaged" || !open) ? rest.reason : undefined;
    const short = !open && chunk.last !== next - 1 ? "the file ends here" : undefined;
    const reason = fault ?? short;
    if (reason !== undefined) throw new LedgerDamaged(reason, chunk.path, offsets.at(-1) ?? 0, next);
  }
  requireNoStray();
}

const areConsecutive = (chunks: readonly Chunk[]): boolean =>
  chunks.every(({ first }, i) => first === (i === 0 ? 1 : (chunks[i - 1]?.last ?? NaN) + 1));

/** The file that begins with the same transaction, under the name that it has now. */
async function readChunk(directory: string, listed: Chunk): Promise<{ chunk: Chunk; bytes: Buffer }> {
  try {
    return { chunk: listed, bytes: await readFile(listed.path) };
  } catch (error) {
    const chunk = (await listChunks(directory)).chunks.find(({ first }) => first === listed.first);
    if (!chunk || chunk.path === listed.path) throw error;
    return { chunk, bytes: await readFile(chunk.path) };
  }
}

type Rest = { readonly kind: "torn" | "damaged"; readonly reason: string };

/** The whole frames of a file, and what is wrong with the rest of it. */
function scanChunk(bytes: Buffer): { entries: Uint8Array[]; offsets: number[]; rest: Rest | undefined } {
  const entries: Uint8Array[] = [];
  const offsets = [0];
  for (let offset = 0; ;) {
    const frame = readFrame(bytes, offset);
    if (frame.kind === "end") return { entries, offsets, rest: undefined };
    if (frame.kind !== "entry") return { entries, offsets, rest: frame };
    entries.push(frame.entry);
    offset = frame.end;
    offsets.push(offset);
  }
}

/** The entries of a ledger, one by one. @throws LedgerDamaged */
export async function* ledgerEntries(directory: string): AsyncGenerator<Uint8Array> {
  for await (const { entries } of scanLedger(directory)) yield* entries;
}
