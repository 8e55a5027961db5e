import type { Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { DataError } from "../blocks/dataError.js";
import { isOwnFile } from "./manifest.js";
import { refuseNames, whyNotStorable } from "./names.js";

/** A file of a folder; the name is its path from there, with `/`. */
export type LocalFile = { readonly name: string; readonly path: string; readonly size: number };

/** Whether to take what has that name, a folder with all that is in it. */
type Takes = (name: string) => boolean;

const isData: Takes = (name) => !isOwnFile(basename(name));

/**
 * The files below a folder, by name; of a file, itself. Links to files are files.
 *
 * @throws DataError NotAFile for what is neither file nor folder, and for links to folders, which may lead anywhere
 */
export async function filesIn(path: string, takes = isData): Promise<LocalFile[]> {
  const found = await existing(path);
  if (found.isFile()) return [{ name: basename(path), path, size: found.size }];
  const files = await below(path, "", takes);
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The same, for a store: every file can have its name there.
 *
 * @param sealed the folder is one that `encryptFolder` has made, with a manifest, which is no data
 * @throws DataError NameRefused, NotAFile
 */
export async function storableFilesIn(path: string, { sealed = false } = {}): Promise<LocalFile[]> {
  const refused: string[] = [];
  const takes: Takes = (name) => {
    if (sealed && !isData(name)) return false;
    if (whyNotStorable(name) === undefined) return true;
    refused.push(name);
    return false;
  };
  const files = await filesIn(path, takes);
  if (files[0]?.path === path) takes(files[0].name); // a file by itself
  refuseNames(refused.sort());
  return files;
}

async function below(folder: string, prefix: string, takes: Takes): Promise<LocalFile[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files: LocalFile[] = [];
  for (const entry of entries) {
    const name = `${prefix}${entry.name}`;
    const path = join(folder, entry.name);
    if (!takes(name)) continue;
    if (entry.isDirectory()) {
      files.push(...(await below(path, `${name}/`, takes)));
      continue;
    }
    const found = await stat(path).catch((cause: unknown) => {
      if (!entry.isSymbolicLink()) throw cause;
      throw new DataError("Missing", `${path} is a link to nothing: remove it, or put there what it leads to`, { cause });
    });
    if (!found.isFile()) throw new DataError("NotAFile", `${path} is ${found.isDirectory() ? "a link to a folder" : "no file"}`);
    files.push({ name, path, size: found.size });
  }
  return files;
}

/**
 * Sees to it that every file of a transfer can have its name on both sides, before the first byte of any.
 *
 * @throws DataError NameRefused for a name that would lead out of a folder, or that some machine takes for another
 */
export function checkNames(files: readonly { readonly name: string }[]): void {
  const refused = files.filter(({ name }) => isStrange(name)).map(({ name }) => JSON.stringify(name));
  const [first] = refused;
  if (first === undefined) return;
  const more = refused.length > 1 ? `, nor can ${refused.length - 1} more be` : "";
  throw new DataError("NameRefused", `${first} cannot be the name of a file here${more}: nothing was written`);
}

function isStrange(name: string): boolean {
  const parts = name.split("/");
  const strange = parts.some((part) => part === "" || part === "." || part === ".." || part.includes("\0") || part.includes("\\"));
  return strange || isOwnFile(parts.at(-1) ?? "");
}

/** Where a file of that name belongs below a folder. @throws DataError NameRefused */
export function placeBelow(folder: string, name: string): string {
  checkNames([{ name }]);
  return join(folder, ...name.split("/"));
}

/** @throws DataError Missing */
async function existing(path: string): Promise<Stats> {
  return stat(path).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    throw new DataError("Missing", `there is no file or folder ${path}`, { cause });
  });
}

/** @throws DataError when the one folder is the other, or lies in it: files would be taken for sources that were just made */
export async function apart(source: string, destination: string): Promise<void> {
  const single = (await existing(source)).isFile();
  const from = resolve(single ? dirname(source) : source);
  const to = resolve(destination);
  const nested = single ? to === from : `${to}${sep}`.startsWith(`${from}${sep}`);
  if (nested) throw new DataError("NameRefused", `${destination} lies in ${source}: choose a destination elsewhere`);
}
