import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";

const root = join(import.meta.dirname, "..", "..");

export type Demo = {
  /** Where it makes its folder, and nothing else is. */
  readonly around: string;
  /** What it has said so far. */
  readonly said: () => string;
  /** Returns when it has said this. @throws Error when it ends first */
  readonly says: (text: string) => Promise<void>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Its exit status. */
  readonly ended: Promise<number | null>;
};

/** `npm run demo`, as npm runs it. Whatever is left of it is removed after the test. */
export async function demo(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Demo> {
  const around = await mkdtemp(join(tmpdir(), "cleanroom-tour-"));
  const child = spawn(process.execPath, ["--import", "./build/register.mjs", "examples/demo.ts", ...words], {
    cwd: root,
    env: { ...process.env, TMPDIR: around, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (said += data.toString()));
  const ended = once(child, "close").then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill("SIGKILL");
    for (const pid of await processesIn(around)) process.kill(pid, "SIGKILL");
    await rm(around, { recursive: true, force: true });
  });
  const says = async (text: string): Promise<void> => {
    while (!said.includes(text)) {
      if (child.exitCode !== null) throw new Error(`it ended before it said "${text}":\n${said}`);
      await sleep(50);
    }
  };
  return { around, said: () => said, says, ended, signal: (name) => child.kill(name) };
}

/** Processes that have to do with a folder: by their arguments, their environment, or where they are. Linux tells. */
export async function processesIn(folder: string): Promise<number[]> {
  const all = (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(
    all.map(async (pid) => {
      const told = [readFile(`/proc/${pid}/cmdline`, "latin1"), readFile(`/proc/${pid}/environ`, "latin1"), readlink(`/proc/${pid}/cwd`)];
      const texts = await Promise.all(told.map((text) => text.catch(() => ""))); // it has ended, or is another user's
      return texts.some((text) => text.includes(folder)) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}
