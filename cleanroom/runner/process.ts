import { spawn, type ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { CleanRoomError } from "../errors.js";
import { withoutOthers } from "./descriptors.js";
import type { Started } from "./isolation.js";
import type { LogFile } from "./logFile.js";

/** Milliseconds between the request to end and the end. */
const GRACE = 3000;

/** Of a command that is not there, as shells have it. */
const NOT_FOUND = 127;

/**
 * Runs an application until it ends; what it writes goes into its log.
 *
 * @param signal ends it
 * @returns its exit code; 128 and the number of the signal that ended it, where one did
 * @throws CleanRoomError IsolationFailed where it could not be shut in, and so was not started
 */
export async function runProcess({ file, args, env, cwd, tells }: Started, log: LogFile, signal: AbortSignal): Promise<number> {
  // A group of its own: Ctrl-C at the terminal is for the clean room, which ends it.
  const child = withoutOthers(["ignore", "pipe", "pipe", ...(tells ? (["pipe"] as const) : [])], (stdio) =>
    spawn(file, args, { env, cwd, detached: true, stdio }),
  );
  const ended = exitOf(child);
  const stop = stopping(child, signal);
  // By the list above; the types do not follow it.
  const [, out, error, told] = child.stdio as unknown as [null, Readable, Readable, Readable | null | undefined];
  try {
    if (told && !(await speaks(told))) {
      throw new CleanRoomError("IsolationFailed", `the application was not started: ${(await textOf(error)).trim()}`);
    }
    const taking = Promise.all([log.take("stdout", out), log.take("stderr", error)]);
    taking.catch(() => {
      kill(child, "SIGKILL"); // nobody would read what it writes; the failure is thrown below
    });
    const exit = await ended;
    if (!tells) {
      kill(child, "SIGKILL"); // what it has left behind; of that, what has left its group may hold its output open for good
      await Promise.race([taking, sleep(GRACE, undefined, { ref: false })]);
      out.destroy();
      error.destroy();
    }
    await taking;
    if (typeof exit === "number") return exit;
    await log.take("stderr", Readable.from([`${file}: ${exit.message}\n`]));
    return NOT_FOUND;
  } finally {
    stop();
  }
}

function exitOf(child: ChildProcess): Promise<number | Error> {
  return new Promise((resolve) => {
    child.once("error", resolve);
    child.once("exit", (code, by) => {
      resolve(code ?? 128 + (by ? constants.signals[by] : 0));
    });
  });
}

/** @returns a function that ends the watch */
function stopping(child: ChildProcess, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    kill(child, "SIGTERM");
    timer = setTimeout(() => {
      kill(child, "SIGKILL");
    }, GRACE);
  };
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop);
  return () => {
    signal.removeEventListener("abort", stop);
    clearTimeout(timer);
  };
}

/** The process and all that it has started, unless they have left its group. */
function kill({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Whether anything comes before the end, which the launcher keeps back until its own. */
function speaks(stream: Readable): Promise<boolean> {
  return new Promise((resolve, reject) => {
    stream.once("data", () => {
      resolve(true);
    });
    stream.once("end", () => {
      resolve(false);
    });
    stream.once("error", reject);
  });
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: string[] = [];
  for await (const chunk of stream.setEncoding("utf8") as AsyncIterable<string>) chunks.push(chunk);
  return chunks.join("");
}
