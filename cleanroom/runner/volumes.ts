import { chmod, lstat, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { BlobError } from "../../azure/blob.js";
import { storeOf, type Store } from "../transfer/store.js";
import { DataError } from "../blocks/dataError.js";
import { CleanRoomError } from "../errors.js";
import { harmless } from "../harmless.js";
import { downloadFolder } from "../transfer/downloadFolder.js";
import type { Summary, Watch } from "../transfer/progress.js";
import { whyNotStorable } from "../transfer/names.js";
import { uploadFolder } from "../transfer/uploadFolder.js";
import { about, type Keyring, type RoomCloud } from "./keyring.js";
import type { RoomVolume } from "./plan.js";

/** What a token for the blobs of an account is asked for. */
const STORAGE = "https://storage.azure.com/.default";

/** The blobs of a volume, with what decrypts them. */
export async function openVolume(volume: RoomVolume, keyring: Keyring, cloud: RoomCloud): Promise<Store> {
  const { name, mode, container: containerName, accountUrl, identity, keys } = volume;
  const credential = keyring.credential(identity);
  const key = keys && (await about(name, keyring.dek({ ...volume, keys })));
  await about(name, credential.token(STORAGE)); // a local cloud does not ask for it; governance has to
  return storeOf({ name, mode, containerName }, cloud.blobs(accountUrl, credential), () =>
    key ? Promise.resolve(key) : Promise.reject(new CleanRoomError("TemplateRefused", `"${name}" has no keys`)),
  );
}

/** Puts the files of a volume into a folder, decrypted. @throws DataError, BlobError */
export function fetchVolume({ name, container, protection }: Store, folder: string, watch?: Watch): Promise<Summary> {
  return named(name, downloadFolder(container, folder, protection, watch));
}

/** Stores the files of a folder in a volume, encrypted. @throws DataError, BlobError, CleanRoomError OutputRefused */
export async function storeVolume({ name, container, protection }: Store, folder: string, watch?: Watch): Promise<Summary> {
  await requirePlain(name, folder);
  return named(name, uploadFolder(folder, container, protection, watch));
}

/**
 * An application has written this folder: a link in it would make the clean room, which sees more than the application does, store what
 * the link leads to, and a name that no store can list would take the datasink's other files from who reads them.
 *
 * @throws CleanRoomError OutputRefused
 */
export async function requirePlain(volume: string, folder: string, prefix = ""): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const name = `${prefix}${entry.name}`;
    const kind = entry.isSymbolicLink() ? "is a link" : !entry.isFile() && !entry.isDirectory() ? "is no file" : undefined;
    const reason = kind ?? whyNotStorable(name);
    if (reason !== undefined) {
      const shown = harmless(JSON.stringify(name));
      throw new CleanRoomError("OutputRefused", `${shown} in datasink "${volume}" ${reason}: nothing of it was stored`);
    }
    if (entry.isDirectory()) await requirePlain(volume, join(folder, entry.name), `${name}/`);
  }
}

/** Makes a folder for nobody else. */
export async function privateFolder(...parts: readonly string[]): Promise<string> {
  const folder = join(...parts);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Takes the right to write from all that is in a folder; whoever may do everything keeps it. */
export async function makeReadOnly(path: string): Promise<void> {
  const found = await lstat(path);
  if (found.isDirectory()) {
    for (const name of await readdir(path)) await makeReadOnly(join(path, name));
  }
  await chmod(path, found.mode & 0o555);
}

/** Gives it back, so that the folder can be removed. */
export async function makeWritable(path: string): Promise<void> {
  const found = await lstat(path);
  if (!found.isDirectory()) return;
  await chmod(path, 0o700);
  for (const name of await readdir(path)) await makeWritable(join(path, name));
}

/** Removes a folder that may be read-only, if it is there. */
export async function removeFolder(folder: string): Promise<void> {
  await makeWritable(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  });
  await rm(folder, { recursive: true, force: true });
}

async function named<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof DataError) throw new DataError(cause.code, `"${name}": ${cause.firstLine}`, { cause, lines: cause.lines });
    if (cause instanceof BlobError) throw new BlobError(cause.code, cause.status, `"${name}": ${cause.message}`, { cause });
    throw cause;
  }
}
