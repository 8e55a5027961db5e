import { commands } from "./commands.js";
import { describeFailure, describeInFull, UsageError } from "./failure.js";
import { processIo, type Io } from "./io.js";
import { parse } from "./program.js";

/**
 * The `cleanroom` command.
 *
 * @param argv what follows the name of the command
 * @returns the exit status: 0, 1 when the command failed, 2 when it was called in a wrong way
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  let inFull = argv.includes("--debug");
  try {
    const call = await parse(commands, argv, io);
    if (call.kind === "answered") return call.status;
    inFull = call.debug;
    io.out(await call.present(await call.run()));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      io.note(describeFailure(error));
      return 2;
    }
    io.note(inFull ? describeInFull(error) : describeFailure(error));
    return 1;
  }
}
