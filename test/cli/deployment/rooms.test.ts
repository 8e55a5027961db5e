import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setImmediate as immediate } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { enterRoom, roomStatus, sweepRooms, type OwnRoom, type RoomStatus } from "../../../cli/deployment/rooms.js";
import type { Io } from "../../../cli/io.js";

const AT_ONCE = 8;

const status: RoomStatus = {
  name: "room",
  pid: process.pid,
  contractId: "c1",
  hostData: "11".repeat(32),
  evidence: "virtual",
  phase: "starting",
  startedAt: "2026-01-01T00:00:00.000Z",
};

async function place(): Promise<{ readonly home: string; readonly io: Io }> {
  const home = await mkdtemp(join(tmpdir(), "cleanroom-rooms-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const io: Io = { env: { CLEANROOM_HOME: home }, out: () => undefined, note: () => undefined, stdin: () => Promise.resolve("") };
  return { home, io };
}

/** Waits until the event loop has turned so often. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await immediate();
}

/** Several start in close succession. @param distance turns of the event loop from one to the next @returns the one that did */
async function race(io: Io, distance: number): Promise<OwnRoom> {
  const starters = Array.from({ length: AT_ONCE }, (_, index) => turns(index * distance).then(() => enterRoom(status, io)));
  const entered = await Promise.allSettled(starters);
  const rooms = entered.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  onTestFinished(() => Promise.all(rooms.map((room) => room.leave())).then(() => undefined));
  const refusals = entered.flatMap((outcome) => (outcome.status === "rejected" ? [String(outcome.reason)] : []));
  expect(new Set(refusals)).toEqual(new Set([expect.stringContaining('clean room "room" runs already') as string]));
  const [room] = rooms;
  if (!room || rooms.length > 1) throw new Error(`${rooms.length} started`);
  return room;
}

test("of several clean rooms of one name that start at the same moment, one does", async () => {
  const { home, io } = await place();
  for (let distance = 0; distance < 5; distance++) {
    const room = await race(io, distance);
    await room.leave();
    await expect(roomStatus("room", io)).resolves.toMatchObject({ alive: false });
  }
  expect((await readdir(join(home, "rooms", "room"))).sort()).toEqual(["run.5", "status.json"]);
});

test("of several that start at the same moment after one was killed, one does", async () => {
  const { home: killed, io } = await place();
  const root = resolve(import.meta.dirname, "../../..");
  const script = [
    `import { enterRoom } from ${JSON.stringify(join(root, "cli/deployment/rooms.ts"))};`,
    `await enterRoom(${JSON.stringify(status)}, { env: { CLEANROOM_HOME: ${JSON.stringify(killed)} } });`,
    `console.log("entered");`,
  ].join("\n");
  const words = ["--import", join(root, "build/register.mjs"), "--input-type=module", "--eval", script];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  await expect(enterRoom(status, io)).rejects.toThrow("runs already");
  child.kill("SIGKILL");
  await once(child, "exit");
  for (let distance = 0; distance < 20; distance++) {
    const { home, io } = await place();
    await cp(killed, home, { recursive: true });
    await race(io, distance);
  }
});

test("a clean room whose name cannot be taken leaves no socket behind", async () => {
  const { home, io } = await place();
  const sockets = async (): Promise<string[]> => (await readdir(own)).filter((name) => name.endsWith(".sock"));
  const own = await mkdtemp(join(tmpdir(), "sockets-"));
  const { TMPDIR } = process.env;
  process.env.TMPDIR = own;
  onTestFinished(async () => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    await rm(own, { recursive: true, force: true });
  });
  await mkdir(join(home, "rooms", "room", "run.1"), { recursive: true }); // cannot be read as a file
  await expect(enterRoom(status, io)).rejects.toThrow("EISDIR");
  expect(await sockets()).toEqual([]);
});

test("data of dead runs are removed, and those of a run that is there are not", async () => {
  const { home, io } = await place();
  const room = await enterRoom(status, io);
  const folder = join(home, "rooms", "room");
  const dead = join(home, "rooms", "dead");
  for (const data of [room.data, join(folder, "data.7"), join(dead, "data.3")]) await mkdir(data, { recursive: true });
  await writeFile(join(dead, "run.3"), join(home, "nobody.sock"));
  expect((await sweepRooms(io)).sort()).toEqual(["dead", "room"]);
  expect((await readdir(folder)).sort()).toEqual(["data.1", "run.1", "status.json"]);
  expect(await readdir(dead)).toEqual(["run.3"]);
  await room.leave();
  expect(await sweepRooms(io)).toEqual(["room"]);
});

test("a status that could not be written does not keep the end from being written", async () => {
  const { home, io } = await place();
  const room = await enterRoom(status, io);
  const folder = join(home, "rooms", "room");
  await rename(folder, `${folder}.away`);
  room.update({ phase: "running" });
  room.tell("a line that cannot be kept");
  await turns(2000);
  await rename(`${folder}.away`, folder);
  room.update({ phase: "ended" });
  await room.leave();
  await expect(roomStatus("room", io)).resolves.toMatchObject({ phase: "ended", alive: false });
});
