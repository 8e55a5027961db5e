import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { lock, makeEmpty } from "../origin.js";

/** Where a node keeps its files. */
export type Place = {
  readonly directory: string;
  /** Gives the directory free, and removes one that nobody asked to keep. */
  readonly leave: () => Promise<void>;
};

/** @param dir without it the place is a temporary directory @throws SandboxError for a directory that is not empty or in use */
export async function openPlace(dir: string | undefined): Promise<Place> {
  if (dir === undefined) {
    const directory = await mkdtemp(join(tmpdir(), "cleanroom-ccf-"));
    return { directory, leave: () => rm(directory, { recursive: true, force: true }) };
  }
  const directory = resolve(dir);
  await makeEmpty(directory);
  return { directory, leave: await lock(directory) };
}
