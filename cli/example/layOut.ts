import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CommandError, isSystemError } from "../failure.js";
import { createWhole, unlessMissing, writeWhole } from "../wholeFile.js";

/**
 * Writes files into a folder. Where one is there with another content, none is written, unless `force` says so; one that is there with the
 * same content stays.
 *
 * @param files by their paths in the folder
 * @returns all of them, with their sizes
 * @throws CommandError
 */
export async function layOut(folder: string, files: Readonly<Record<string, string | Uint8Array>>, force: boolean): Promise<LaidOut[]> {
  const wanted = Object.entries(files).map(([path, content]) => ({ path, file: join(folder, path), content: Buffer.from(content) }));
  const missing: typeof wanted = [];
  const different: typeof wanted = [];
  for (const one of wanted) {
    const there = await contentOf(one.file);
    if (!there) missing.push(one);
    else if (!there.equals(one.content)) different.push(one);
  }
  const [first] = different;
  if (first && !force) throw inTheWay(first.file, different.length - 1);
  for (const { file, content } of missing) {
    await mkdir(dirname(file), { recursive: true });
    if (!(await createWhole(file, content))) throw inTheWay(file, 0);
  }
  for (const { file, content } of different) await writeWhole(file, content);
  return wanted.map(({ path, content }) => ({ path, bytes: content.length }));
}

async function contentOf(file: string): Promise<Buffer | undefined> {
  try {
    return await unlessMissing(readFile(file));
  } catch (cause) {
    if (isSystemError(cause) && cause.code === "EISDIR") throw new CommandError(`${file} is a folder`, { cause });
    throw cause;
  }
}

type LaidOut = { readonly path: string; readonly bytes: number };

function inTheWay(file: string, others: number): CommandError {
  const more = others === 0 ? "" : `, and ${others} more`;
  return new CommandError(`${file} is there already, and differs${more}; --force overwrites`);
}
