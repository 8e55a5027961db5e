import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { timingSafeEqual } from "node:crypto";
import { DataError } from "../blocks/dataError.js";
import { writeNew } from "../blocks/files.js";
import type { Protection } from "../blocks/protection.js";

const FILE = ".cleanroom-manifest.json";

/** The manifest of a folder. Who adds to it has it to itself from reading to writing: what is sealed and what is there belong together. */
export function manifestFile(folder: string): string {
  return join(folder, FILE);
}

/** The texts of the seals of the encrypted files in a folder, by name. */
export type Manifest = Readonly<Record<string, string>>;

/** One to add to, with nothing but what was put in: files may be called `constructor` or `__proto__`. */
export function manifestWith(files: Manifest = {}): Record<string, string> {
  return Object.assign(Object.create(null) as Record<string, string>, files);
}

/** Whether a file is the manifest, its lock, or one that was never finished: no data. */
export function isOwnFile(name: string): boolean {
  return (
    /^\.cleanroom-manifest\.json(\.lock(\.clearing)*)?$/.test(name) || /^\..+\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/.test(name)
  );
}

/**
 * The manifest of a folder, or undefined where there is none.
 *
 * @throws DataError SealBroken when it was not written with this key, or was changed
 */
export async function readManifest(folder: string, { macOf }: Protection): Promise<Manifest | undefined> {
  const file = manifestFile(folder);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const { files, mac } = parsed(file, text);
  if (timingSafeEqual(macOf(signed(files)), Buffer.from(mac, "hex"))) return files;
  throw new DataError("SealBroken", `${file} does not verify: it belongs to another key, or was changed`);
}

export async function writeManifest(folder: string, files: Manifest, { macOf }: Protection): Promise<void> {
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = JSON.stringify({ version: 1, files: sorted, mac: macOf(signed(sorted)).toString("hex") }, null, 2);
  const content = async function* (): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from(`${text}\n`));
  };
  await writeNew(manifestFile(folder), content(), 0o644);
}

function signed(files: Manifest): string {
  const entries = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(["cleanroom manifest", 1, entries]);
}

function parsed(file: string, text: string): { readonly files: Manifest; readonly mac: string } {
  try {
    const { version, files, mac } = JSON.parse(text) as { version?: unknown; files?: unknown; mac?: unknown };
    const isMap = typeof files === "object" && files !== null && Object.values(files).every((seal) => typeof seal === "string");
    if (version === 1 && isMap && typeof mac === "string" && /^[0-9a-f]{64}$/.test(mac)) return { files: files as Manifest, mac };
  } catch {
    // no JSON: the same answer
  }
  throw new DataError("SealBroken", `${file} is no manifest of encrypted files`);
}
