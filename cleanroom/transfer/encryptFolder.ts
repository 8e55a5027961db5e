import { stat } from "node:fs/promises";
import { DataError } from "../blocks/dataError.js";
import { makeFolder, pieces, writeNew } from "../blocks/files.js";
import { storedBytes } from "../blocks/layout.js";
import { whileLocked } from "../blocks/lock.js";
import type { Bytes } from "../blocks/encrypt.js";
import type { Protection } from "../blocks/protection.js";
import { apart, placeBelow, storableFilesIn, type LocalFile } from "./folder.js";
import { inParallel } from "./inParallel.js";
import { manifestFile, manifestWith, readManifest, writeManifest } from "./manifest.js";
import { Tally, type Summary, type Watch } from "./progress.js";

/** Milliseconds between two writings of the manifest: what was done before an interruption need not be done again. */
const SAVE_EVERY = 1000;

/**
 * Encrypts the files of a folder (or one file) into another folder, with a manifest of their seals. What is there already, from the same
 * content and undamaged, stays. What is done when it fails is in the manifest, and need not be done again.
 *
 * @throws DataError
 */
export async function encryptFolder(source: string, destination: string, protection: Protection, watch?: Watch): Promise<Summary> {
  await apart(source, destination);
  const files = await storableFilesIn(source);
  await makeFolder(destination);
  return whileLocked(manifestFile(destination), () => encryptAll(files, destination, protection, watch));
}

async function encryptAll(
  files: readonly LocalFile[],
  destination: string,
  protection: Protection,
  watch: Watch | undefined,
): Promise<Summary> {
  const seals = manifestWith(await readManifest(destination, protection));
  const tally = new Tally(files.length, totalOf(files), watch);
  let saved = performance.now();
  let saving: Promise<void> = Promise.resolve();
  const save = (): Promise<void> => (saving = saving.then(() => writeManifest(destination, seals, protection)));
  try {
    await inParallel(files, async ({ name, path, size }) => {
      const target = placeBelow(destination, name);
      if (await isThere(target, path, name, size)) {
        tally.skipped(size);
        return;
      }
      const { stored, seal } = protection.store(tally.count(pieces(path)));
      await writeNew(target, stored, 0o644);
      const written = seal();
      seals[name] = protection.sealText(name, written);
      tally.finished(written.size);
      if (performance.now() - saved < SAVE_EVERY) return;
      saved = performance.now();
      await save();
    });
  } catch (error) {
    await save().catch(() => undefined); // the first failure says more
    throw error;
  }
  await save();
  return tally.summary();

  async function isThere(target: string, path: string, name: string, size: number): Promise<boolean> {
    const text = seals[name];
    if (text === undefined) return false;
    const seal = protection.openSeal(name, text);
    const found = await stat(target).catch(() => undefined);
    const same = seal.size === size && found?.size === storedBytes(seal.size, seal.blockBytes);
    if (!same || !(await protection.isContent(pieces(path), seal))) return false;
    return isIntact(protection.load({ name, stored: pieces(target), size: found.size, seal }));
  }
}

/** Whether what was encrypted can be decrypted: to read it is less than to write it again. */
async function isIntact(plain: Bytes): Promise<boolean> {
  try {
    const chunks = plain[Symbol.asyncIterator]();
    while ((await chunks.next()).done !== true);
    return true;
  } catch (error) {
    if (error instanceof DataError) return false;
    throw error;
  }
}

export function totalOf(files: readonly Pick<LocalFile, "size">[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
