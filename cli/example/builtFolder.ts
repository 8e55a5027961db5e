import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { builtFile } from "../installation.js";

/** The files of a folder that `npm run build` makes, by their paths in it, in order. @throws CommandError when there is none */
export async function builtFolder(name: string): Promise<Readonly<Record<string, Uint8Array>>> {
  const folder = builtFile(name);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort(); // prettier-ignore
  return Object.fromEntries(await Promise.all(files.map(async (file) => [relative(folder, file), await readFile(file)] as const)));
}
