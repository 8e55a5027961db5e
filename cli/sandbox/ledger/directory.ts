import { resolve } from "node:path";
import { LedgerCorrupt, LedgerDamaged } from "../../../sandbox/ledger.js";
import { SandboxError } from "../../../sandbox/index.js";
import { required } from "../../command.js";
import { CommandError } from "../../failure.js";

/** The option that names the directory of a service. */
export const directory = required("--dir <dir>", "the directory of the service, as given to sandbox start");

/** Reads in a directory; what is wrong with it becomes one line. @throws CommandError */
export async function inDirectory<T>(dir: string, read: (dir: string) => Promise<T>): Promise<T> {
  try {
    return await read(resolve(dir));
  } catch (cause) {
    if (cause instanceof SandboxError || cause instanceof LedgerDamaged || cause instanceof LedgerCorrupt) {
      throw new CommandError(cause.message, { cause });
    }
    throw cause;
  }
}
