import { commands } from "./commands.js";
import { completeCommand } from "./completion/protocol.js";
import { describeFailure, describeInFull, SignalledError, UsageError } from "./failure.js";
import { processIo, type Io } from "./io.js";
import { parse } from "./program.js";

/**
 * The `cleanroom` command.
 *
 * @param argv what follows the name of the command
 * @returns the exit status: 0 or what the command says, 1 when it failed, 2 when it was called in a wrong way, 128 and
 *   the number of the signal that ended it, where it has cleared up after one
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  let inFull = argv.includes("--debug");
  try {
    if (argv[0] === completeCommand) {
      const { complete } = await import("./completion/complete.js");
      io.out(await complete(argv.slice(2), io));
      return 0;
    }
    const call = await parse(commands, argv, io);
    if (call.kind === "answered") return call.status;
    inFull = call.debug;
    const result = await call.run();
    io.out(await call.present(result), true);
    return call.status(result);
  } catch (error) {
    if (error instanceof UsageError) {
      io.note(describeFailure(error));
      return 2;
    }
    io.note(inFull ? describeInFull(error) : describeFailure(error));
    return error instanceof SignalledError ? error.status : 1;
  }
}
