import { DataError } from "../blocks/dataError.js";
import { pieces } from "../blocks/files.js";
import { storedBytes } from "../blocks/layout.js";
import type { Protection } from "../blocks/protection.js";
import type { Seal } from "../blocks/seal.js";
import type { BlobContainer, BlobItem } from "../../azure/blob.js";
import { totalOf } from "./encryptFolder.js";
import { storableFilesIn, type LocalFile } from "./folder.js";
import { inParallel } from "./inParallel.js";
import { manifestWith, readManifest } from "./manifest.js";
import { refuseClashes } from "./names.js";
import { Tally, type Summary, type Watch } from "./progress.js";

/** Metadata of a blob with the text of its seal. */
export const SEAL = "cleanroom_seal";

/** Stores the files of a folder as blobs of the same names. A blob from the same content stays; so do blobs of which there is no file. */
export async function uploadFolder(source: string, container: BlobContainer, protection: Protection, watch?: Watch): Promise<Summary> {
  const files = await storableFilesIn(source);
  const present = await blobsBeside(files, container);
  const tally = new Tally(files.length, totalOf(files), watch);
  await inParallel(files, async ({ name, path, size }) => {
    const before = sealOf(present.get(name), protection);
    if (before?.size === size && (await protection.isContent(pieces(path), before))) {
      tally.skipped(size);
      return;
    }
    const { stored, seal } = protection.store(tally.count(pieces(path)));
    await container.put(name, stored, { metadata: () => ({ [SEAL]: protection.sealText(name, seal()) }) });
    tally.finished(seal().size);
  });
  return tally.summary();
}

/**
 * Stores what `encryptFolder` has made, as it is. A blob that is the same already stays.
 *
 * @throws DataError NotEncrypted for a file that the manifest does not list: plaintext is never sent
 */
export async function uploadEncrypted(source: string, container: BlobContainer, protection: Protection, watch?: Watch): Promise<Summary> {
  const files = await storableFilesIn(source, { sealed: true });
  const manifest = manifestWith(await readManifest(source, protection));
  const stranger = files.find(({ name, size }) => !isSealed(name, size, manifest, protection));
  if (stranger) throw new DataError("NotEncrypted", `${stranger.path} is not what datastore encrypt made: nothing was sent`);
  const present = await blobsBeside(files, container);
  const tally = new Tally(files.length, totalOf(files), watch);
  await inParallel(files, async ({ name, path, size }) => {
    const seal = manifest[name] ?? "";
    const before = present.get(name);
    if (before?.size === size && before.metadata[SEAL] === seal) {
      tally.skipped(size);
      return;
    }
    await container.put(name, tally.count(pieces(path)), { metadata: { [SEAL]: seal } });
    tally.finished(size);
  });
  return tally.summary();
}

function isSealed(name: string, size: number, manifest: Readonly<Record<string, string>>, protection: Protection): boolean {
  const text = manifest[name];
  if (text === undefined) return false;
  const seal = protection.openSeal(name, text);
  return storedBytes(seal.size, seal.blockBytes) === size;
}

/** What is stored already. @throws DataError NameRefused where the files cannot stand beside it */
async function blobsBeside(files: readonly LocalFile[], container: BlobContainer): Promise<Map<string, BlobItem>> {
  const found = new Map<string, BlobItem>();
  for await (const blob of container.list()) found.set(blob.name, blob);
  refuseClashes(
    files.map(({ name }) => name),
    new Set(found.keys()),
  );
  return found;
}

/** The seal of a blob, where it has a good one and the bytes that belong to it. */
function sealOf(blob: BlobItem | undefined, protection: Protection): Seal | undefined {
  const text = blob?.metadata[SEAL];
  if (!blob || text === undefined) return undefined;
  try {
    const seal = protection.openSeal(blob.name, text);
    const size = seal.blockBytes === 0 ? seal.size : storedBytes(seal.size, seal.blockBytes);
    return size === blob.size ? seal : undefined;
  } catch (error) {
    if (error instanceof DataError) return undefined; // whatever is there is written anew
    throw error;
  }
}
