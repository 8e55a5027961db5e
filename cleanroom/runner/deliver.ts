import { join } from "node:path";
import { logFolder } from "./applications.js";
import { folderOfVolume } from "./fetch.js";
import { mayLeave, requireExecution } from "./governance.js";
import { newKeyring, type Keyring } from "./keyring.js";
import { resultSinks, telemetrySinks, type RoomVolume } from "./plan.js";
import { heedful, requireGoingOn, type Room } from "./context.js";
import { openVolume, privateFolder, storeVolume } from "./volumes.js";

/** What became of what a clean room has to say: `refused` where the members have not agreed to that, or could not be asked. */
type Export = "stored" | "refused" | "no datasink";

type StoredFiles = {
  readonly name: string;
  /** All that the datasink was to get. */
  readonly files: number;
  /** Those of them that it had already, with the same content. */
  readonly unchanged: number;
  /** That were sent. */
  readonly bytes: number;
};

export type Delivered = {
  readonly datasinks: readonly StoredFiles[];
  readonly logs: Export;
  readonly telemetry: Export;
};

/**
 * Stores results, then logs and telemetry where that is agreed. All keys are asked for again, with tokens of now: a member who has disabled
 * the execution in the meantime is heard.
 */
export async function deliver(room: Room): Promise<Delivered> {
  const { plan, contract, attester, cloud, watch, journal } = room;
  requireGoingOn(room);
  watch.phase("storing the results");
  await journal.step("consent for the results", {}, () => requireExecution(contract, plan));
  const keyring = newKeyring(contract, attester, cloud);
  const datasinks = [];
  for (const volume of resultSinks(plan)) {
    datasinks.push(await store(room, keyring, volume, await folderOfVolume(room, volume.name)));
  }
  watch.phase("storing logs and telemetry");
  const logs = await exported(room, keyring, "logs", () => logFolder(room));
  const telemetry = await exported(room, keyring, "telemetry", async () => {
    const folder = await privateFolder(room.folder, "telemetry", "infrastructure");
    await journal.write(join(folder, "cleanroom-runner.jsonl"));
    return folder;
  });
  return { datasinks, logs, telemetry };
}

const consent = { logs: "logging", telemetry: "telemetry" } as const;

async function exported(room: Room, keyring: Keyring, kind: "logs" | "telemetry", folder: () => Promise<string>): Promise<Export> {
  const volume = room.plan.volumes.find(({ name, readOnly }) => name === telemetrySinks[kind] && !readOnly);
  if (!volume) return "no datasink";
  if (!(await agreed(room, kind))) return "refused";
  await store(room, keyring, volume, await folder());
  return "stored";
}

async function agreed({ contract, watch }: Room, kind: "logs" | "telemetry"): Promise<boolean> {
  try {
    if (await mayLeave(contract, consent[kind])) return true;
    watch.note(`The members have not agreed to ${consent[kind]}: no ${kind} ${kind === "logs" ? "leave" : "leaves"} the clean room`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    watch.note(`Whether ${kind} may leave the clean room could not be asked, so nothing does: ${reason}`);
  }
  return false;
}

async function store(room: Room, keyring: Keyring, volume: RoomVolume, folder: string): Promise<StoredFiles> {
  requireGoingOn(room);
  const { name } = volume;
  const { done, unchanged, bytes } = await room.journal.step(
    "store",
    { "cleanroom.volume": name },
    async () => storeVolume(await openVolume(volume, keyring, room.cloud), folder, heedful(room, room.watch.transfer("storing", name))),
    (summary) => ({ files: summary.done, bytes: summary.bytes }),
  );
  return { name, files: done + unchanged, unchanged, bytes };
}
