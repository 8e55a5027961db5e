import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** A file of the ledger: `ledger_<first>` while entries are added to it, `ledger_<first>-<last>.committed` afterwards. */
export type Chunk = { readonly path: string; readonly first: number; readonly last: number | undefined };

/** What the names of all files of a ledger begin with. */
const PREFIX = "ledger_";

export const chunkPath = (directory: string, first: number, last?: number): string =>
  join(directory, last === undefined ? `${PREFIX}${first}` : `${PREFIX}${first}-${last}.committed`);

export type Listing = {
  readonly chunks: readonly Chunk[];
  /** The path of something that is called like a file of the ledger, but is none: a file may have been renamed. */
  readonly stray: string | undefined;
};

/** The files of a ledger in order. What is not called `ledger_*` is left alone. */
export async function listChunks(directory: string): Promise<Listing> {
  const chunks: Chunk[] = [];
  let stray: string | undefined;
  for (const found of await readdir(directory, { withFileTypes: true })) {
    const { name } = found;
    if (!name.startsWith(PREFIX)) continue;
    const path = join(directory, name);
    const [, first, last] = /^ledger_(\d+)(?:-(\d+)\.committed)?$/.exec(name) ?? [];
    if (first === undefined || found.isDirectory()) stray = path;
    else chunks.push({ path, first: Number(first), last: last === undefined ? undefined : Number(last) });
  }
  return { chunks: chunks.sort((a, b) => a.first - b.first), stray };
}
