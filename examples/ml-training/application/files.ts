import { readFile, stat } from "node:fs/promises";
import { Fault } from "./fault.js";

const MB = 1024 * 1024;
/**
 * The bytes of a file that somebody else made.
 *
 * @param name how messages call it
 * @param most in MB
 * @throws Fault
 */
export async function bytesOf(file: string, name: string, most: number): Promise<Buffer> {
  const found = await stat(file).catch((error: unknown) => unreadable(name, error));
  if (!found.isFile()) throw new Fault(`${name}: is no file`);
  if (found.size === 0) throw new Fault(`${name}: is empty`);
  if (found.size > most * MB) throw new Fault(`${name}: is larger than ${most} MB`);
  return readFile(file).catch((error: unknown) => unreadable(name, error));
}

/** The text of a file that somebody else made. @throws Fault also where it is not UTF-8 */
export async function textOf(file: string, name: string, most: number): Promise<string> {
  const bytes = await bytesOf(file, name, most);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Fault(`${name}: is not UTF-8`);
  }
}

function unreadable(name: string, error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  throw new Fault(code === "ENOENT" || code === "ENOTDIR" ? `${name}: there is no such file` : `${name}: cannot be read (${code ?? "?"})`);
}
