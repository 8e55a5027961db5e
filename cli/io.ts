import { readFile } from "node:fs/promises";
import type { Cloud } from "./cloud.js";
import { CommandError, isSystemError } from "./failure.js";

/** What a command has of the world. Tests give their own. */
export type Io = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The result, and nothing else. */
  readonly out: (text: string) => void;
  /** Progress, warnings and errors; a line feed is added. */
  readonly note: (line: string) => void;
  /** A line that the next one takes the place of; an empty one takes it away. Absent where nobody looks on. */
  readonly progress?: (line: string) => void;
  /** Where bars are drawn. Absent where nobody looks on. */
  readonly terminal?: Terminal;
  readonly stdin: () => Promise<string>;
  /** The cloud to work with, where it is not the one that the environment names. */
  readonly cloud?: Cloud;
};

export type Terminal = NodeJS.WritableStream & {
  /** Characters in a line. */
  readonly columns?: number;
};

export function processIo(): Io {
  // A reader that has seen enough (`| head`) closes the pipe; that is no failure of the command.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  return {
    env: process.env,
    out: (text) => process.stdout.write(text),
    note: (line) => process.stderr.write(`${line}\n`),
    ...(process.stderr.isTTY &&
      process.env.TERM !== "dumb" && {
        progress: (line: string) => process.stderr.write(`\r${line}\x1b[K`),
        terminal: process.stderr,
      }),
    stdin: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
      return Buffer.concat(chunks).toString("utf8");
    },
  };
}

/** The text of a file named on the command line. @throws CommandError */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    if (isSystemError(cause) && cause.code === "EISDIR") throw new CommandError(`${file} is a folder, not a file`, { cause });
    const reason = cause instanceof Error ? cause.message.replace(/^E[A-Z]+: /, "").replace(/, \w+( '.*')?$/, "") : String(cause);
    throw new CommandError(`cannot read ${file}: ${reason}`, { cause });
  }
}

/** A value that stands on the command line, in a file (`@FILE`) or on the standard input (`-`). @throws CommandError */
export async function readValue(value: string, io: Io): Promise<string> {
  if (value === "-") return io.stdin();
  return value.startsWith("@") ? readText(value.slice(1)) : value;
}
