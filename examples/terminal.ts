import { spawn } from "node:child_process";

/** Whoever runs the demo has pressed Ctrl-C. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** Types command lines into bash, shows them with what comes back, and says how long each took. */
export class Terminal {
  #interrupted = false;

  constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {
    // The step under way is let finish, since it may be starting something; a second Ctrl-C ends the demo where it stands.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => (this.#interrupted = true));
  }

  heading(text: string): void {
    console.log(`\n${bold(`# ${text}`)}`);
  }

  /**
   * Runs one line and shows it.
   *
   * @returns the standard output without the final line feed
   * @throws Error when the line fails, Interrupted
   */
  async type(line: string): Promise<string> {
    const [out = ""] = await this.typeTogether([line]);
    return out;
  }

  /** Runs lines that do not wait for each other at the same time, and shows them one after the other. */
  async typeTogether(lines: readonly string[]): Promise<string[]> {
    if (this.#interrupted) throw new Interrupted("interrupted");
    const results = await Promise.all(lines.map((line) => this.run(line)));
    for (const [index, result] of results.entries()) show(lines[index] ?? "", result);
    const failed = results.find(({ status }) => status !== 0);
    if (failed) throw new Error(`the last step failed with status ${failed.status}`);
    return results.map(({ out }) => out.trimEnd());
  }

  /** Runs a line without showing it, also after an interruption. */
  run(line: string): Promise<Result> {
    const start = performance.now();
    return new Promise((resolve, reject) => {
      // A process group of its own: Ctrl-C is for this process, which then cleans up.
      const bash = spawn("bash", ["-o", "pipefail", "-c", line], { cwd: this.folder, env: this.env, detached: true });
      let out = "";
      let notes = "";
      bash.stdout.on("data", (data: Buffer) => (out += data.toString()));
      bash.stderr.on("data", (data: Buffer) => (notes += data.toString()));
      bash.stdin.end();
      bash.on("error", reject);
      bash.on("close", (status) => {
        resolve({ status: status ?? 1, out, notes, seconds: (performance.now() - start) / 1000 });
      });
    });
  }
}

export type Result = { readonly status: number; readonly out: string; readonly notes: string; readonly seconds: number };

function show(line: string, { out, notes, seconds }: Result): void {
  console.log(`\n${bold(`$ ${line}`)}`);
  const text = `${notes.trimEnd()}\n${out.trimEnd()}`.trim();
  if (text !== "") console.log(text.replaceAll(/^/gm, "  "));
  console.log(dim(`  (${seconds.toFixed(2)} s)`));
}

const coloured = process.stdout.isTTY && (process.env.NO_COLOR ?? "") === "";

function bold(text: string): string {
  return coloured ? `\u001b[1m${text}\u001b[22m` : text;
}

function dim(text: string): string {
  return coloured ? `\u001b[2m${text}\u001b[22m` : text;
}
