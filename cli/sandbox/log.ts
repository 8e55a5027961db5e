import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { LogLevel } from "../../sandbox/index.js";
import { isSystemError } from "../failure.js";
import type { Io } from "../io.js";
import { detachedOutput } from "./detached.js";

export type Log = {
  /** Where the lines go; undefined where they are only shown. */
  readonly file: string | undefined;
  readonly write: (level: LogLevel, line: string) => void;
};

/** The log of a service is in its directory; of one that keeps nothing, it is what the process prints. */
export function openLog(dir: string | undefined, io: Io): Log {
  const file = dir === undefined ? undefined : join(dir, "sandbox.log");
  return {
    file: file ?? detachedOutput(io),
    write: (level, line) => {
      const entry = `${new Date().toISOString()} ${level.padEnd(5)} ${line}`;
      if (file === undefined || !append(file, entry)) io.note(entry);
    },
  };
}

/** False where the file cannot be written: its directory is gone, or the disk is full. */
function append(file: string, entry: string): boolean {
  try {
    appendFileSync(file, `${entry}\n`, { mode: 0o600 });
    return true;
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}
