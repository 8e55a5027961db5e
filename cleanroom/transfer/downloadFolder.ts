import { stat } from "node:fs/promises";
import { DataError } from "../blocks/dataError.js";
import { makeFolder, pieces, writeNew } from "../blocks/files.js";
import { storedBytes } from "../blocks/layout.js";
import { whileLocked } from "../blocks/lock.js";
import type { Protection } from "../blocks/protection.js";
import type { BlobContainer, BlobItem } from "../../azure/blob.js";
import { PLAIN_MODE } from "./decryptFolder.js";
import { totalOf } from "./encryptFolder.js";
import { checkNames, placeBelow } from "./folder.js";
import { inParallel } from "./inParallel.js";
import { manifestFile, manifestWith, writeManifest } from "./manifest.js";
import { Tally, type Summary, type Watch } from "./progress.js";
import { SEAL } from "./uploadFolder.js";

/**
 * Fetches the blobs of a container as plaintext. Each file gets its name once it has been verified; one that has that content already stays.
 *
 * @throws DataError
 */
export async function downloadFolder(container: BlobContainer, target: string, protection: Protection, watch?: Watch): Promise<Summary> {
  const blobs = await listOf(container);
  const tally = new Tally(blobs.length, totalOf(blobs), watch);
  await inParallel(blobs, async ({ name, size: listed, metadata }) => {
    const file = placeBelow(target, name);
    if (await isThere(file, name, metadata[SEAL])) {
      tally.skipped(listed);
      return;
    }
    const { content, size, metadata: current } = await container.get(name);
    const text = current[SEAL];
    const seal = text === undefined ? undefined : protection.openSeal(name, text);
    const plain = protection.load({ name, stored: tally.count(content), size, seal });
    tally.finished(await writeNew(file, plain, PLAIN_MODE), { unsealed: !seal });
  });
  return tally.summary();

  async function isThere(file: string, name: string, text: string | undefined): Promise<boolean> {
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile() || text === undefined) return false;
    const seal = protection.openSeal(name, text);
    return found.size === seal.size && protection.isContent(pieces(file), seal);
  }
}

/**
 * Fetches the blobs of a container as they are, encrypted, and their seals as a manifest for `decryptFolder`.
 *
 * @throws DataError
 */
export async function downloadEncrypted(container: BlobContainer, target: string, protection: Protection, watch?: Watch): Promise<Summary> {
  const blobs = await listOf(container);
  await makeFolder(target);
  return whileLocked(manifestFile(target), () => fetchAll(blobs, container, target, protection, watch));
}

async function fetchAll(
  blobs: readonly BlobItem[],
  container: BlobContainer,
  target: string,
  protection: Protection,
  watch: Watch | undefined,
): Promise<Summary> {
  const tally = new Tally(blobs.length, totalOf(blobs), watch);
  const seals = manifestWith();
  await inParallel(blobs, async ({ name }) => {
    const file = placeBelow(target, name);
    const { content, size, metadata } = await container.get(name);
    const text = metadata[SEAL];
    if (text !== undefined) {
      const seal = protection.openSeal(name, text);
      if (storedBytes(seal.size, seal.blockBytes) !== size) throw new DataError("Damaged", `${name}: something is missing or was added`);
      seals[name] = text;
    }
    await writeNew(file, tally.count(content), 0o644);
    tally.finished(size, { unsealed: text === undefined });
  });
  await writeManifest(target, seals, protection);
  return tally.summary();
}

async function listOf(container: BlobContainer): Promise<BlobItem[]> {
  const found: BlobItem[] = [];
  for await (const blob of container.list()) found.push(blob);
  checkNames(found);
  return found;
}
