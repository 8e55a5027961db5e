import { appendFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import type { Phase } from "../../cleanroom/runner/context.js";
import type { RoomResult } from "../../cleanroom/runner/room.js";
import { removeFolder } from "../../cleanroom/runner/volumes.js";
import { CommandError, UsageError } from "../failure.js";
import type { Io } from "../io.js";
import { home } from "../profile.js";
import { answers, listen } from "../sandbox/control.js";
import { createWhole, unlessMissing, writeWhole } from "../wholeFile.js";

/** How a clean room of this machine comes along, or ended. There is no secret in it. */
export type RoomStatus = {
  readonly name: string;
  readonly pid: number;
  readonly contractId: string;
  readonly hostData: string;
  readonly evidence: string;
  readonly phase: Phase | "starting" | "ended";
  /** What of the phase is under way. */
  readonly detail?: string | undefined;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly result?: RoomResult;
  /** Why it ended before its end. */
  readonly problem?: string;
  /** The exit status, where a signal ended it. */
  readonly signalled?: number | undefined;
};

/** The files of a clean room: below CLEANROOM_HOME, for their owner alone. */
export type RoomFiles = {
  readonly folder: string;
  /** What it has told. */
  readonly log: string;
};

const roomsFolder = (io: Io): string => join(home(io), "rooms");
const statusFile = (folder: string): string => join(folder, "status.json");
/** Says at which socket a run answers while it is there. The one with the greatest number stays: no number comes again. */
const runFile = (folder: string, number: number): string => join(folder, `run.${number}`);
/** Decrypted data and the like of a run: a folder of its own, so that nobody who clears up after a dead run meets the next. */
const dataFolder = (folder: string, number: number): string => join(folder, `data.${number}`);

/** @throws UsageError */
export function roomFiles(name: string, io: Io): RoomFiles {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) {
    throw new UsageError(`"${name}" cannot be the name of a clean room: letters, digits, ".", "_" and "-", at most 64`);
  }
  const folder = join(roomsFolder(io), name);
  return { folder, log: join(folder, "room.log") };
}

/** A clean room that runs in this process, as others see it. */
export type OwnRoom = {
  /** For decrypted data; it is not there yet. */
  readonly data: string;
  readonly update: (change: Partial<RoomStatus>) => void;
  readonly tell: (line: string) => void;
  /** Returns when all is written. @throws CommandError where it could not be */
  readonly leave: () => Promise<void>;
};

/** Takes a name for a clean room. @throws CommandError while one of that name runs */
export async function enterRoom(status: RoomStatus, io: Io): Promise<OwnRoom> {
  const { name } = status;
  const { folder, log } = roomFiles(name, io);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Names of sockets are short on most systems, so it cannot lie below a home that may be anywhere.
  const control = join(tmpdir(), `cleanroom-${randomUUID()}.sock`);
  const server = await listen(control, {});
  const withdraw = async (): Promise<void> => {
    server.close();
    await rm(control, { force: true });
  };
  let current = status;
  let number: number | undefined;
  try {
    number = await take(folder, control);
    if (number === undefined) {
      throw new CommandError(`clean room "${name}" runs already: cleanroom deployment wait --name ${name} follows it`);
    }
    await rm(log, { force: true });
    await writeStatus(folder, current);
  } catch (error) {
    await withdraw();
    throw error;
  }
  let writing = Promise.resolve();
  let complains = true;
  return {
    data: dataFolder(folder, number),
    update: (change) => {
      const next = (current = { ...current, ...change });
      // Where the disk was full it may not be any more: the end is what counts.
      writing = writing.catch(() => undefined).then(() => writeStatus(folder, next));
      writing.catch(() => undefined); // leave() tells
    },
    tell: (line) => {
      try {
        appendFileSync(log, `${new Date().toISOString()} ${line}\n`, { mode: 0o600 });
      } catch (error) {
        if (complains) io.note(`warning: what the clean room tells is not kept: ${error instanceof Error ? error.message : String(error)}`);
        complains = false;
      }
    },
    leave: async () => {
      try {
        await writing;
      } finally {
        await withdraw();
      }
    },
  };
}

/**
 * Makes this process the next run of the room, unless there is one. Of all who find the last run dead, one alone can create the next file.
 *
 * @param control the socket at which this process answers already
 * @returns its number
 */
async function take(folder: string, control: string): Promise<number | undefined> {
  const { number: last, alive } = await lastRun(folder);
  const own = last + 1;
  if (alive || !(await createWhole(runFile(folder, own), control, 0o600))) return undefined;
  const numbers = await runNumbers(folder);
  if (Math.max(...numbers) > own) {
    await rm(runFile(folder, own), { force: true }); // it was slow: a run of this number has come and gone in between
    return undefined;
  }
  for (const number of numbers) {
    if (number >= own) continue;
    await removeSocket(folder, number);
    await rm(runFile(folder, number), { force: true });
  }
  return own;
}

/**
 * Clears up after all runs that were killed: removes their decrypted data, and the sockets at which they answered.
 *
 * @returns the names of the rooms that had left data
 */
export async function sweepRooms(io: Io): Promise<string[]> {
  const swept: string[] = [];
  for (const name of (await unlessMissing(readdir(roomsFolder(io)))) ?? []) {
    const folder = join(roomsFolder(io), name);
    const left = await numbered(folder, "data"); // before a look at its runs: of what begins in between there is none in it
    const { number: last, alive } = await lastRun(folder);
    if (!alive && last > 0) await removeSocket(folder, last);
    const dead = left.filter((number) => !(alive && number === last));
    for (const number of dead) await removeFolder(dataFolder(folder, number));
    if (dead.length > 0) swept.push(name);
  }
  return swept;
}

/** Of a run that is not there any more. */
async function removeSocket(folder: string, number: number): Promise<void> {
  const control = await unlessMissing(readFile(runFile(folder, number), "utf8"));
  if (control !== undefined) await rm(control, { force: true });
}

/** The run with the greatest number, and whether it is there; 0 where there was none yet. */
async function lastRun(folder: string): Promise<{ readonly number: number; readonly alive: boolean }> {
  for (;;) {
    const number = Math.max(0, ...(await runNumbers(folder)));
    if (number === 0) return { number, alive: false };
    const control = await unlessMissing(readFile(runFile(folder, number), "utf8"));
    if (control !== undefined) return { number, alive: await answers(control) };
    // A later run has taken it away: look again.
  }
}

const runNumbers = (folder: string): Promise<number[]> => numbered(folder, "run");

/** The numbers of what has this name in a folder. */
async function numbered(folder: string, what: "run" | "data"): Promise<number[]> {
  const names = (await unlessMissing(readdir(folder))) ?? [];
  return names
    .filter((name) => name.startsWith(`${what}.`))
    .map((name) => name.slice(what.length + 1))
    .filter((digits) => /^[1-9]\d*$/.test(digits))
    .map(Number);
}

async function writeStatus(folder: string, status: RoomStatus): Promise<void> {
  await writeWhole(statusFile(folder), `${JSON.stringify(status, null, 2)}\n`, 0o600);
}

/** How a clean room comes along, and whether its process is there. @throws CommandError where there was none of that name */
export async function roomStatus(name: string, io: Io): Promise<RoomStatus & { readonly alive: boolean }> {
  const { folder } = roomFiles(name, io);
  const { alive } = await lastRun(folder); // before its status: it may end in between
  const text = await unlessMissing(readFile(statusFile(folder), "utf8"));
  if (text !== undefined) return { ...(JSON.parse(text) as RoomStatus), alive };
  const names = (await unlessMissing(readdir(roomsFolder(io)))) ?? [];
  throw new CommandError(`there is no clean room "${name}"${names.length > 0 ? `; there are: ${names.sort().join(", ")}` : ""}`);
}
