import { closeSync, openSync, readFileSync, realpathSync, rmSync, statSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { DataError } from "./dataError.js";
import { forget, remember } from "./drafts.js";
import { notWritten } from "./notWritten.js";

/* Who reads a file to write it anew keeps others from doing so in between: by a file beside it, FILE.lock, that says which process it is. */

/** Milliseconds in which a file is changed as a rule, many times over. */
const PATIENCE = 10_000;
/** Milliseconds after which a lock that says nothing was left by a process that was killed while it made it. */
const SILENCE = 2000;

/** What this process holds: a process before it may have had its number. */
const held = new Set<string>();

/**
 * Does something with a file while no other command does. A lock that a process has left that is gone counts for nothing; none is left
 * when this one fails, or is told to end.
 *
 * @param patience milliseconds to wait for others
 * @throws DataError InUse, NotWritten, and whatever `act` throws
 */
export async function whileLocked<T>(file: string, act: () => T | Promise<T>, patience = PATIENCE): Promise<T> {
  const lock = `${withoutLinks(file)}.lock`;
  await take(file, lock, performance.now() + patience);
  try {
    return await act();
  } finally {
    release(lock);
  }
}

async function take(file: string, lock: string, end: number): Promise<void> {
  while (!make(file, lock)) {
    const holder = holderOf(lock);
    if (holder === "gone") {
      await clear(file, lock, end);
      continue;
    }
    if (performance.now() > end) {
      throw new DataError("InUse", `${file} is being changed by ${holder}: call again when it has ended, or remove ${lock} if it has`);
    }
    await setTimeout(20 + Math.random() * 30);
  }
}

/** Removes a lock that nobody holds. Of several that find it only one does so, and looks again before: it may be another's by then. */
async function clear(file: string, lock: string, end: number): Promise<void> {
  const turn = `${lock}.clearing`;
  await take(file, turn, end);
  try {
    if (holderOf(lock) === "gone") rmSync(lock, { force: true });
  } finally {
    release(turn);
  }
}

/** Without a pause for signals: from its first moment on they find it among what has to go. */
function make(file: string, lock: string): boolean {
  let handle: number;
  try {
    handle = openSync(lock, "wx", 0o600);
  } catch (cause) {
    if (codeOf(cause) === "EEXIST") return false;
    throw notWritten(file, cause);
  }
  remember(lock);
  held.add(lock);
  try {
    writeSync(handle, `${process.pid} ${hostname()}\n`);
  } catch (cause) {
    release(lock);
    throw notWritten(file, cause);
  } finally {
    closeSync(handle);
  }
  return true;
}

function release(lock: string): void {
  rmSync(lock, { force: true });
  held.delete(lock);
  forget(lock);
}

/** Who holds a lock, in words; "gone" when nobody does any more. */
function holderOf(lock: string): string {
  const [text, age] = contentOf(lock);
  const [, pid, host] = /^(\d+) (.*)\n$/.exec(text) ?? [];
  if (pid === undefined || host === undefined) return age > SILENCE && text === "" ? "gone" : "another process";
  if (host !== hostname()) return `process ${pid} of ${host}`;
  const alive = Number(pid) === process.pid ? held.has(lock) : runs(Number(pid));
  return alive ? `process ${pid}` : "gone";
}

/** With the milliseconds since it was written. One that is no longer there says nothing, just now. */
function contentOf(lock: string): readonly [string, number] {
  try {
    return [readFileSync(lock, "utf8"), Date.now() - statSync(lock).mtimeMs];
  } catch (error) {
    if (codeOf(error) === "ENOENT") return ["", 0];
    return ["?", 0];
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH"; // EPERM: somebody else's
  }
}

/** One name, however a file is called. */
function withoutLinks(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    // not there yet
  }
  try {
    return join(realpathSync(dirname(file)), basename(file));
  } catch {
    return resolve(file); // nor is its folder: the lock cannot be made
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
