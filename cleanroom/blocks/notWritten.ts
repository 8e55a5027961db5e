import { dirname } from "node:path";
import { DataError } from "./dataError.js";

/** What to do, where the system's own words do not say it. */
const advice: Readonly<Record<string, string>> = {
  ENOSPC: ": make room, and call again",
  EDQUOT: ": make room, and call again",
};

/** Why a file could not be written, by its name. Anything but an error of the system is returned as it is. */
export function notWritten(file: string, cause: unknown): unknown {
  if (!(cause instanceof Error && "syscall" in cause && "code" in cause)) return cause;
  const code = String(cause.code);
  const reason = code === "ENOENT" ? `there is no folder ${dirname(file)}` : cause.message.replace(/^E[A-Z0-9]+: |, \w+( '.*)?$/gs, "");
  return new DataError("NotWritten", `cannot write ${file}: ${reason}${advice[code] ?? ""}`, { cause });
}
