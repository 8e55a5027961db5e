import { randomUUID } from "node:crypto";
import { link, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isOther, numberIn, ownName } from "./runningProcess.js";

const FILE = "lock";

/** A directory that somebody works in. */
export class DirectoryInUse extends Error {
  override readonly name = "DirectoryInUse";
}

/** Directories that this process holds. */
const held = new Set<string>();

/**
 * Makes sure that only one service writes a ledger. What a killed process left behind is taken over.
 *
 * @returns gives the directory free
 * @throws DirectoryInUse
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const real = await realpath(directory);
  if (held.has(real)) throw new DirectoryInUse(`${directory} is in use by this process`);
  held.add(real);
  try {
    await takeLock(directory);
  } catch (error) {
    held.delete(real);
    throw error;
  }
  return async () => {
    await rm(join(directory, FILE), { force: true });
    held.delete(real);
  };
}

async function takeLock(directory: string): Promise<void> {
  const path = join(directory, FILE);
  const mine = `${path}.${randomUUID()}`;
  await writeFile(mine, await ownName(), { mode: 0o600, flag: "wx" });
  try {
    // A link comes into being with its content: nobody can find a lock that does not name its owner yet.
    while (!(await linked(mine, path))) {
      const owner = await ownerOf(path);
      if (owner === undefined) continue;
      if (await isOther(owner)) {
        throw new DirectoryInUse(`${directory} is in use by process ${numberIn(owner)}; if that is no sandbox, remove ${path}`);
      }
      await takeAway(path, owner);
    }
  } finally {
    await rm(mine, { force: true });
  }
}

/** Removes the lock of a dead owner. If another process was quicker and the lock is its own by now, it stays. */
async function takeAway(path: string, owner: string): Promise<void> {
  const away = `${path}.${randomUUID()}`;
  try {
    await rename(path, away);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  if ((await ownerOf(away)) !== owner) await linked(away, path);
  await rm(away, { force: true });
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** undefined where there is no lock. */
async function ownerOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
