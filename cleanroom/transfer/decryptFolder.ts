import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { DataError } from "../blocks/dataError.js";
import { pieces, writeNew } from "../blocks/files.js";
import type { Protection } from "../blocks/protection.js";
import { totalOf } from "./encryptFolder.js";
import { apart, checkNames, filesIn, placeBelow } from "./folder.js";
import { inParallel } from "./inParallel.js";
import { manifestWith, readManifest } from "./manifest.js";
import { Tally, type Summary, type Watch } from "./progress.js";

/** Plaintext is for its owner. */
export const PLAIN_MODE = 0o600;

/**
 * Decrypts the files of a folder (or one file) into another folder. A file that the manifest of the folder lists is what was encrypted, or
 * refused; of others the blocks alone are checked.
 *
 * @throws DataError
 */
export async function decryptFolder(source: string, destination: string, protection: Protection, watch?: Watch): Promise<Summary> {
  await apart(source, destination);
  const files = await filesIn(source);
  checkNames(files);
  const whole = (await stat(source)).isDirectory();
  const seals = manifestWith(await readManifest(whole ? source : dirname(source), protection));
  const tally = new Tally(files.length, totalOf(files), watch);
  const lost = whole ? Object.keys(seals).filter((name) => !files.some((file) => file.name === name)) : [];
  await inParallel([...files, ...lost.map((name) => ({ name, path: undefined, size: 0 }))], async ({ name, path, size }) => {
    if (path === undefined) throw new DataError("Missing", `${name}: the manifest of ${source} lists it, and it is not there`);
    const text = seals[name];
    const seal = text === undefined ? undefined : protection.openSeal(name, text);
    const plain = protection.load({ name, stored: tally.count(pieces(path)), size, seal });
    tally.finished(await writeNew(placeBelow(destination, name), plain, PLAIN_MODE), { unsealed: !seal });
  });
  return tally.summary();
}
