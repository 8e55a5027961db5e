import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Cloud } from "../../cli/cloud.js";
import { main } from "../../cli/index.js";

export type Outcome = { readonly status: number; readonly out: string; readonly notes: string };

export type Shell = {
  /** A folder that is gone after the test. */
  readonly folder: string;
  /** Runs `cleanroom` in this process with an environment of its own. */
  readonly run: (argv: readonly string[], input?: string) => Promise<Outcome>;
};

/** A place to call the command from: no profile of the machine is seen or touched. */
export async function shell(env: Readonly<Record<string, string>> = {}, cloud?: Cloud): Promise<Shell> {
  const folder = await mkdtemp(join(tmpdir(), "cleanroom-cli-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return {
    folder,
    run: async (argv, input = "") => {
      const out: string[] = [];
      const notes: string[] = [];
      const status = await main(argv, {
        env: { CLEANROOM_HOME: join(folder, "home"), ...env },
        out: (text) => out.push(text),
        note: (line) => notes.push(line),
        stdin: () => Promise.resolve(input),
        ...(cloud && { cloud }),
      });
      return { status, out: out.join(""), notes: notes.join("\n") };
    },
  };
}
