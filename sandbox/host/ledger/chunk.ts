import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** A file of the ledger: `ledger_<first>` while entries are added to it, `ledger_<first>-<last>.committed` afterwards. */
export type Chunk = { readonly path: string; readonly first: number; readonly last: number | undefined };

export const chunkPath = (directory: string, first: number, last?: number): string =>
  join(directory, last === undefined ? `ledger_${first}` : `ledger_${first}-${last}.committed`);

/** The files of a ledger in order. Other files are left alone. */
export async function listChunks(directory: string): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  for (const name of await readdir(directory)) {
    const [, first, last] = /^ledger_(\d+)(?:-(\d+)\.committed)?$/.exec(name) ?? [];
    if (first === undefined) continue;
    chunks.push({ path: join(directory, name), first: Number(first), last: last === undefined ? undefined : Number(last) });
  }
  return chunks.sort((a, b) => a.first - b.first);
}
