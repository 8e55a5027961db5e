import { randomUUID } from "node:crypto";
import { link, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { CommandError, isSystemError } from "./failure.js";

/**
 * Writes a file in one step: who reads it finds the old content or the new one, whatever happens in between. A file that is there keeps its
 * permissions.
 *
 * @param mode of a file that is not there yet
 * @throws CommandError
 */
export async function writeWhole(file: string, content: string | Uint8Array, mode?: number): Promise<void> {
  await writeTogether([{ file, content, ...(mode !== undefined && { mode }) }]);
}

type Content = {
  readonly file: string;
  readonly content: string | Uint8Array;
  /** Of a file that is not there yet. */ readonly mode?: number;
};

/**
 * Writes files that belong together: where one cannot be written, all of them stay as they are.
 *
 * @throws CommandError
 */
export async function writeTogether(files: readonly Content[]): Promise<void> {
  const written: { readonly file: string; readonly draft: string; readonly target: string }[] = [];
  try {
    for (const { file, content, mode = 0o644 } of files) {
      await explained(file, async () => {
        const target = (await unlessMissing(realpath(file))) ?? file;
        const found = await unlessMissing(stat(target));
        if (found?.isDirectory()) throw new CommandError(`cannot write ${file}: it is a folder`);
        written.push({ file, draft: await draftOf(target, content, (found?.mode ?? mode) & 0o777), target });
      });
    }
    for (const { file, draft, target } of written) await explained(file, () => rename(draft, target));
  } catch (error) {
    for (const { draft } of written) await rm(draft, { force: true });
    throw error;
  }
}

/**
 * Writes a file in one step where there is none.
 *
 * @returns whether it was written; false when a file of that name is there, which stays as it is
 * @throws CommandError
 */
export async function createWhole(file: string, content: string | Uint8Array, mode = 0o644): Promise<boolean> {
  return explained(file, async () => {
    try {
      const draft = await draftOf(file, content, mode);
      await link(draft, file).finally(() => rm(draft, { force: true }));
      return true;
    } catch (error) {
      if (isSystemError(error) && error.code === "EEXIST") return false;
      throw error;
    }
  });
}

/** Writes a file beside the one that it will be. @returns its name */
async function draftOf(target: string, content: string | Uint8Array, mode: number): Promise<string> {
  const draft = `${target}.${randomUUID()}`;
  try {
    const handle = await open(draft, "wx", mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return draft;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function explained<T>(file: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    const reason = cause.code === "ENOENT" ? `there is no folder ${dirname(file)}` : cause.message.replace(/^E[A-Z]+: |, \w+ '.*$/g, "");
    throw new CommandError(`cannot write ${file}: ${reason}`, { cause });
  }
}

/** What is found, or undefined where there is no such file. */
export async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (isSystemError(error) && error.code === "ENOENT") return undefined;
    throw error;
  }
}
