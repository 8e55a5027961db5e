import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { installation } from "../../cli/installation.js";

export const command = join(installation(), "bin", "cleanroom.mjs");

/** A sandbox in a process of its own, started by the command. */
export type ServiceProcess = {
  readonly url: string;
  /** PEM */
  readonly serviceCertificate: string;
  readonly pid: number;
  /** Milliseconds from the start of the process until the service answered. */
  readonly startedIn: number;
  readonly stop: () => Promise<void>;
};

/** Folders and processes go with the process that made them, whatever becomes of it. */
const processes = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of processes) child.kill("SIGKILL");
});

export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "cleanroom-bench-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Starts a service.
 *
 * @param folder of this benchmark; the service is in `data` below it
 * @param options of `cleanroom sandbox start`, beside `--dir` and `--port`
 */
export async function startService(folder: string, ...options: readonly string[]): Promise<ServiceProcess> {
  const dir = join(folder, "data");
  const began = performance.now();
  const child = spawn(process.execPath, [command, "sandbox", "start", "--dir", dir, "--port", "0", ...options], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, CLEANROOM_HOME: join(folder, "home") },
  });
  processes.add(child);
  const ended = once(child, "exit").then(() => processes.delete(child));
  const said: string[] = [];
  for await (const line of createInterface(child.stderr)) {
    const [url] = /https:\/\/[^;\s]+/.exec(line) ?? [];
    if (url === undefined) {
      said.push(line);
      continue;
    }
    const startedIn = performance.now() - began;
    child.stderr.resume();
    const stop = async () => {
      child.kill("SIGTERM");
      await ended;
    };
    return { url, startedIn, stop, pid: child.pid ?? 0, serviceCertificate: await readFile(join(dir, "service_cert.pem"), "utf8") };
  }
  throw new Error(`the service did not start: ${said.join("\n")}`);
}

/** Resident memory of a process, in bytes (proc(5), `VmRSS`). */
export async function residentBytes(pid: number): Promise<number> {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}

/** Linux counts in hundredths of a second (proc(5), `_SC_CLK_TCK`). */
const TICK_MS = 10;

/** Milliseconds that a process has spent on the cores of the machine, whatever else ran there. */
export async function processorTime(pid: number): Promise<number> {
  // After the name of the program, which may hold anything: state is the third field, utime the 14th, stime the 15th.
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).replace(/^.*\) /s, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
