import { setTimeout as sleep } from "node:timers/promises";
import type { RoomResult } from "../../cleanroom/runner/room.js";
import { command, required } from "../command.js";
import { CommandError, SignalledError } from "../failure.js";
import type { Io } from "../io.js";
import { roomFiles, roomStatus, sweepRooms, type RoomStatus } from "./rooms.js";

/** Milliseconds between two looks. */
const LOOK_EVERY = 200;

export default command({
  description:
    "Follows a clean room of this machine until it has ended, or shows how one has ended; prints what `deployment run` prints, and ends with " +
    "its exit status. Of one that was killed it says so, and removes the decrypted data that are left.",
  examples: [["Wait for the end", "cleanroom deployment wait --name collab1"]],
  options: { name: required("--name <name>", "the clean room, as deployment run was told to call it") },
  status: (result: RoomResult) => result.exitCode,
  run: async ({ name }, io) => {
    let told = "";
    for (;;) {
      const status = await roomStatus(name, io);
      if (status.phase === "ended") {
        io.progress?.("");
        return endOf(status);
      }
      if (!status.alive) {
        io.progress?.("");
        const left = (await sweepRooms(io)).includes(name) ? ". Its decrypted data were still there and have been removed" : "";
        throw new CommandError(
          `clean room "${name}" is gone without an end (process ${status.pid}, ${status.phase}): ${roomFiles(name, io).log} has what it told${left}`,
        );
      }
      told = show(status, told, io);
      await sleep(LOOK_EVERY);
    }
  },
});

function endOf({ result, problem, signalled }: RoomStatus): RoomResult {
  if (result) return result;
  if (problem !== undefined && signalled !== undefined) throw new SignalledError(problem, signalled);
  throw new CommandError(problem ?? "the clean room ended without a result");
}

/** On a terminal one line that changes, elsewhere a line for each phase. @returns what was told */
function show({ name, phase, detail, startedAt }: RoomStatus, told: string, io: Io): string {
  const line = `${name}: ${phase}`;
  if (io.progress) {
    const seconds = Math.max(0, Math.round((Date.now() - Date.parse(startedAt)) / 1000));
    io.progress(`${line}${detail === undefined ? "" : `, ${detail}`} (${seconds} s)`);
  } else if (line !== told) io.note(line);
  return line;
}
