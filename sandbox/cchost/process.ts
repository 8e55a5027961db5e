import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { LogLevel } from "../messages.js";

/** How long a node may take to shut down, in milliseconds. */
const GRACE_MS = 10_000;

/** A node writes its whole environment to its log: it gets no more than a program needs to run. */
const ENVIRONMENT = ["PATH", "LD_LIBRARY_PATH"];

export type NodeCommand = {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly directory: string;
  readonly log: (level: LogLevel, line: string) => void;
};

/** A running `cchost`. */
export class NodeProcess {
  readonly #child: ChildProcess;
  /** Resolves when the process is gone: how it ended, in words, with the last thing that it complained of. */
  readonly ended: Promise<string>;
  #complaint: string | undefined;

  constructor({ file, arguments: words, directory, log }: NodeCommand) {
    // In a group of its own: Ctrl-C at the terminal is for the launcher, which ends the node in order.
    const child = spawn(file, words, { cwd: directory, env: environment(), stdio: ["ignore", "pipe", "pipe"], detached: true });
    this.#child = child;
    const kill = (): void => void child.kill("SIGKILL");
    process.once("exit", kill);
    this.ended = new Promise((resolve) => {
      child.once("error", (error) => {
        resolve(`cchost cannot be run: ${error.message}`);
      });
      // After the last line of its output.
      child.once("close", (code, signal) => {
        const how = `cchost ended with ${signal ?? `status ${code ?? "unknown"}`}`;
        resolve(this.#complaint === undefined ? how : `${how}: ${this.#complaint}`);
      });
    });
    void this.ended.then(() => process.off("exit", kill));
    const take = (line: string): void => {
      const { level, message } = parseLine(line);
      if (level !== "info") this.#complaint = message;
      log(level, line);
    };
    for (const output of [child.stdout, child.stderr]) lines(output, take);
  }

  /** Shuts the node down in order. @throws Error when it does not end by itself; it is killed then */
  async stop(): Promise<void> {
    let late = false as boolean; // set by the timer, which the compiler does not see
    const timer = setTimeout(() => {
      late = true;
      this.#child.kill("SIGKILL");
    }, GRACE_MS);
    this.#child.kill("SIGTERM");
    await this.ended;
    clearTimeout(timer);
    if (!late) return;
    throw new Error(`cchost did not end within ${GRACE_MS / 1000} seconds and was killed; what was not on disk is lost`);
  }
}

function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(ENVIRONMENT.map((name) => [name, process.env[name]]));
}

function lines(output: Readable, take: (line: string) => void): void {
  createInterface({ input: output, crlfDelay: Infinity }).on("line", take);
}

/** A line of CCF's text log: time, thread, `[level]`, place, `|`, message. Other lines belong to the one before. */
function parseLine(line: string): { level: LogLevel; message: string } {
  const found = /^\S+ .{0,40}\[(fail|fatal)\s*\][^|]*\| (.*)$/.exec(line);
  return found ? { level: found[1] as LogLevel, message: found[2] ?? "" } : { level: "info", message: line };
}
