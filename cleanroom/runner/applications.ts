import { stat } from "node:fs/promises";
import { join } from "node:path";
import { CleanRoomError } from "../errors.js";
import { folderOfVolume } from "./fetch.js";
import { tellEnd, tellStart } from "./governance.js";
import { folderOf, type Images } from "./images.js";
import { isolated, type Isolation, type Launch } from "./isolation.js";
import { logFile } from "./logFile.js";
import { openly, ROOT_VARIABLE } from "./openly.js";
import type { RoomApplication, RoomPlan } from "./plan.js";
import { runProcess } from "./process.js";
import { requireGoingOn, type Room } from "./context.js";
import { privateFolder } from "./volumes.js";

export type Ended = {
  readonly name: string;
  readonly exitCode: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string;
};

/** Where the logs of applications are until they leave. */
export function logFolder({ folder }: Pick<Room, "folder">): Promise<string> {
  return privateFolder(folder, "telemetry", "application");
}

/** Finds out, before anything begins, that there is something to run. @throws CleanRoomError UnknownImage */
export async function requireImages({ applications }: RoomPlan, images: Images): Promise<void> {
  for (const { image } of applications) {
    const folder = folderOf(images, image);
    const found = await stat(folder).catch(() => undefined);
    if (!found?.isDirectory()) {
      throw new CleanRoomError("UnknownImage", `the folder ${folder}, which stands for the image ${image}, is not there`);
    }
  }
}

/** Runs all applications that start by themselves, side by side, until the last has ended. */
export async function runApplications(room: Room, isolation: Isolation): Promise<Ended[]> {
  requireGoingOn(room);
  const { plan, watch } = room;
  if (isolation.kind === "none") {
    watch.note(
      `warning: this system does not shut applications in (${isolation.reason}): they run as you, with the network and all your files ` +
        `within reach, and find their mounts below ${ROOT_VARIABLE}`,
    );
  } else if (plan.openings.length > 0) {
    watch.note(`The contract allows ${plan.openings.join(", ")}: here applications have no network at all`);
  }
  const started = plan.applications.filter(({ startType }) => startType === "Auto");
  for (const { name } of plan.applications.filter((one) => !started.includes(one))) {
    watch.note(`Application "${name}" is started by hand only: it does not run here`);
  }
  const running = started.map((application) => run(application, room, isolation));
  await Promise.allSettled(running); // none is left behind
  return Promise.all(running);
}

async function run(application: RoomApplication, room: Room, isolation: Isolation): Promise<Ended> {
  const { name } = application;
  const { contract, journal, signal, folder } = room;
  const launch = await launchOf(application, room);
  const root = await privateFolder(folder, "roots", name);
  const process = isolation.kind === "namespaces" ? isolated(launch, root) : await openly(launch, root);
  await tellStart(contract, name);
  const log = logFile(join(await logFolder(room), `${name}.log`));
  const startedAt = new Date().toISOString();
  const exitCode = await journal.step(
    "run",
    { "cleanroom.application": name },
    () => runProcess(process, log, signal).finally(log.close),
    (code) => ({ "exit.code": code }),
  );
  const endedAt = new Date().toISOString();
  await tellEnd(contract, name, exitCode);
  return { name, exitCode, startedAt, endedAt };
}

async function launchOf({ command, environment, image, mounts }: RoomApplication, room: Room): Promise<Launch> {
  const placed = mounts.map(async (mount) => ({ ...mount, folder: await folderOfVolume(room, mount.volume) }));
  return { command, environment, image: folderOf(room.images, image), mounts: await Promise.all(placed) };
}
