import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { CommandError } from "../failure.js";
import type { Io } from "../io.js";
import { home } from "../profile.js";
import { unlessMissing, writeWhole } from "../wholeFile.js";
import { answers, listen, type Words } from "./control.js";
import { detachedOutput } from "./detached.js";

/** A sandbox that runs, as later commands find it. */
export type Running = {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly engine: Engine;
  readonly virtualTee: boolean;
  /** Where ledger and keys are; null for a service that keeps nothing. */
  readonly dir: string | null;
  readonly log: string | null;
  /** PEM; what clients trust. */
  readonly serviceCertificate: string;
  /** A socket that takes the words `stop`, and with a virtual TEE `attest` and `root`. */
  readonly control: string;
};

export const engines = ["embedded", "cchost"] as const;

/** What runs the service: the engine of this package, or CCF itself. */
export type Engine = (typeof engines)[number];

const directory = (io: Io): string => join(home(io), "sandboxes");
const fileOf = (port: number, io: Io): string => join(directory(io), `${port}.json`);

/** Makes the sandbox known and lets other commands ask it. */
export async function register(
  running: Omit<Running, "control">,
  io: Io,
  words: Words,
): Promise<{ readonly withdraw: () => Promise<void> }> {
  // Names of sockets are short on most systems, so it cannot lie below a home that may be anywhere.
  const control = join(tmpdir(), `cleanroom-${randomUUID()}.sock`);
  const server = await listen(control, words);
  await mkdir(directory(io), { recursive: true, mode: 0o700 });
  await writeWhole(fileOf(running.port, io), JSON.stringify({ ...running, control }, null, 2), 0o600);
  return {
    withdraw: async () => {
      await rm(fileOf(running.port, io), { force: true });
      await rm(control, { force: true });
      const output = detachedOutput(io);
      if (output !== undefined) await rm(output, { force: true });
      server.close();
    },
  };
}

/** All that is known to run, by port. What is left of a process that was killed is cleared away. */
export async function running(io: Io): Promise<readonly Running[]> {
  const found: Running[] = [];
  for (const name of await names(io)) {
    const file = join(directory(io), name);
    const text = await unlessMissing(readFile(file, "utf8"));
    if (text === undefined) continue; // it has ended meanwhile
    const entry = JSON.parse(text) as Running;
    if (await answers(entry.control)) found.push(entry);
    else {
      await rm(file, { force: true });
      await rm(entry.control, { force: true });
    }
  }
  return found.sort((a, b) => a.port - b.port);
}

/** @throws CommandError when no sandbox runs at that port */
export async function find(port: number, io: Io): Promise<Running> {
  const all = await running(io);
  const entry = all.find((candidate) => candidate.port === port);
  if (entry) return entry;
  const known = all.length > 0 ? `; there are sandboxes at ${portsOf(all)}` : "; none runs";
  throw new CommandError(`no sandbox runs at port ${port}${known}`);
}

/** @throws CommandError unless exactly one runs */
export async function findOnly(io: Io): Promise<Running> {
  const all = await running(io);
  const [only] = all;
  if (!only) throw new CommandError("no sandbox runs");
  if (all.length > 1) throw new CommandError(`several sandboxes run: choose one with --port, of ${portsOf(all)}`);
  return only;
}

const portsOf = (all: readonly Running[]): string => all.map(({ port }) => port).join(", ");

async function names(io: Io): Promise<string[]> {
  const found = (await unlessMissing(readdir(directory(io)))) ?? [];
  return found.filter((name) => /^\d+\.json$/.test(name));
}
