import { randomUUID } from "node:crypto";
import { link, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { CommandError, isSystemError } from "./failure.js";

/**
 * Writes a file in one step: who reads it finds the old content or the new one, whatever happens in between. A file that is there keeps its
 * permissions.
 *
 * @throws CommandError
 */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  await explained(file, async () => {
    const target = (await unlessMissing(realpath(file))) ?? file;
    const permissions = (await unlessMissing(stat(target)))?.mode ?? 0o644;
    await throughDraft(target, content, permissions & 0o777, (draft) => rename(draft, target));
  });
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
      await throughDraft(file, content, mode, async (draft) => {
        await link(draft, file);
        await rm(draft);
      });
      return true;
    } catch (error) {
      if (isSystemError(error) && error.code === "EEXIST") return false;
      throw error;
    }
  });
}

async function throughDraft(
  target: string,
  content: string | Uint8Array,
  mode: number,
  finish: (draft: string) => Promise<void>,
): Promise<void> {
  const draft = `${target}.${randomUUID()}`;
  try {
    const handle = await open(draft, "wx", mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await finish(draft);
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
