import { spawn, type ChildProcess, type ChildProcessByStdio } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

export type Result = {
  /** 0, or what bash ended with. */
  readonly status: number;
  readonly out: string;
  /** What was written to the standard error. */
  readonly notes: string;
  readonly seconds: number;
};

/** Reads commands from a descriptor of its own, so that none of them finds the others on its standard input. */
const LOOP = `
set -e -o pipefail
while IFS= read -r -d '' -u 3 COMMAND_LINE; do
  eval "$COMMAND_LINE" 3<&- </dev/null
  printf %s "$COMMAND_END"; printf %s "$COMMAND_END" >&2
done`;

/** Milliseconds that whoever is interrupted has to come to an end. */
const GRACE = 5_000;

/** One bash into which commands are typed, one after the other: variables, functions and jobs stay. It ends at the first that fails. */
export class Bash {
  readonly #end = randomUUID();
  readonly #process: ChildProcess;
  readonly #commands: Writable;
  readonly #ended: Promise<number>;
  #out = "";
  #notes = "";
  #changed: () => void = () => undefined;

  constructor(folder: string, env: NodeJS.ProcessEnv) {
    // A process group of its own: Ctrl-C is for whoever plays, which then cleans up.
    const bash = spawn("bash", ["--noprofile", "--norc", "-c", LOOP], {
      cwd: folder,
      env: { ...env, COMMAND_END: this.#end },
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    const { stdout, stderr } = bash as ChildProcessByStdio<null, Readable, Readable>;
    this.#process = bash;
    this.#ended = once(bash, "close").then(([code]) => (code as number | null) ?? 1);
    stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#out += text;
      this.#changed();
    });
    stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#notes += text;
      this.#changed();
    });
    this.#commands = bash.stdio[3] as Writable;
    this.#commands.on("error", () => undefined); // a bash that has ended is found out by its status
  }

  /** The last line that the command under way has written. */
  get latest(): string {
    return `${this.#out}\n${this.#notes}`.replaceAll(this.#end, "").trimEnd().split("\n").at(-1) ?? "";
  }

  async run(command: string): Promise<Result> {
    const start = performance.now();
    this.#out = this.#notes = "";
    const finished = new Promise<number>((resolve) => {
      this.#changed = () => {
        if (this.#out.endsWith(this.#end) && this.#notes.endsWith(this.#end)) resolve(0);
      };
    });
    this.#commands.write(`${command}\0`);
    const status = await Promise.race([finished, this.#ended.then((code) => code || 1)]);
    const told = (text: string): string => text.replace(this.#end, "");
    return { status, out: told(this.#out), notes: told(this.#notes), seconds: (performance.now() - start) / 1000 };
  }

  /** Ends what is under way and this bash, and returns when they have. What has been detached from it goes on. */
  async end(): Promise<void> {
    this.#commands.destroy();
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      const over = await Promise.race([this.#ended.then(() => true), sleep(signal === "SIGTERM" ? 0 : GRACE, false, { ref: false })]);
      if (over) return;
      this.#signal(signal);
    }
    await this.#ended;
  }

  #signal(signal: NodeJS.Signals): void {
    try {
      if (this.#process.pid !== undefined) process.kill(-this.#process.pid, signal);
    } catch {
      // all of them have ended
    }
  }
}
