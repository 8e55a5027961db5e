import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { Fault } from "./fault.js";

/**
 * Writes files into one folder, all or none: under other names first, and under their own when all are there.
 *
 * @param files by name, in the order in which they appear
 * @throws Fault
 */
export async function deliver(folder: string, name: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  const drafts = Object.entries(files).map(([file, content]) => {
    return { content, target: path.join(folder, file), draft: path.join(folder, `.${file}.${randomUUID()}`) };
  });
  const moved: string[] = [];
  try {
    for (const { draft, content } of drafts) await writeDurably(draft, content);
    for (const { draft, target } of drafts) {
      await rename(draft, target);
      moved.push(target);
    }
  } catch (error) {
    for (const file of [...drafts.map(({ draft }) => draft), ...moved]) await rm(file, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw new Fault(code === "ENOENT" ? `${name}: there is no such folder` : `${name}: cannot be written to (${code ?? "?"})`);
  }
}

async function writeDurably(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, "wx");
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
