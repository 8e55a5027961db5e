import { readFile } from "node:fs/promises";
import type { Cloud } from "./cloud.js";
import { CommandError, isSystemError } from "./failure.js";

/** What a command has of the world. Tests give their own. */
export type Io = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The result, and nothing else. @param carriedOut the command has done all it had to, so a failure to write changes nothing about that */
  readonly out: (text: string, carriedOut?: boolean) => void;
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
  let done = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`| head`) closes the pipe; that is no failure of the command.
    if (error.code === "EPIPE") process.exit(0);
    const what = done ? "the command was carried out, but its result cannot be written" : "cannot write";
    process.stderr.write(`error: ${what} to the standard output: ${reasonOf(error)}\n`);
    process.exit(1);
  });
  // Whoever does not listen to what is told any more does not end what goes on, such as a clean room with data to clear; the status still says it.
  process.stderr.on("error", () => undefined);
  return {
    env: process.env,
    out: (text, carriedOut = false) => {
      done ||= carriedOut;
      process.stdout.write(text);
    },
    note: (line) => process.stderr.write(`${line}\n`),
    ...(process.stderr.isTTY &&
      process.env.TERM !== "dumb" && {
        progress: (line: string) => process.stderr.write(`\r${line}\x1b[K`),
        terminal: process.stderr,
      }),
    stdin: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
      return decoded(Buffer.concat(chunks), "the standard input");
    },
  };
}

/**
 * The text of a file named on the command line.
 *
 * @param name what messages call it; where that is not the file itself, it is in no message, no cause either
 * @throws CommandError also where it is not UTF-8: a text that is not what is in the file would be stored, signed, agreed upon
 */
export async function readText(file: string, name = file): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const options = name === file ? { cause: error } : {};
    if (isSystemError(error) && error.code === "EISDIR") throw new CommandError(`${name} is a folder, not a file`, options);
    throw new CommandError(`cannot read ${name}: ${reasonOf(error)}`, options);
  }
  return decoded(bytes, name);
}

/** A value that stands on the command line, in a file (`@FILE`) or on the standard input (`-`). @throws CommandError */
export async function readValue(value: string, io: Io): Promise<string> {
  if (value === "-") return io.stdin();
  return value.startsWith("@") ? readText(value.slice(1)) : value;
}

/** As `readValue`, of what no message may repeat: a secret that begins with `@` is taken for the name of a file. @throws CommandError */
export async function readSecret(value: string, io: Io): Promise<string> {
  return value.startsWith("@") ? readText(value.slice(1), "the file that the value names after its @") : readValue(value, io);
}

/** The text that bytes are in UTF-8. @param name where they are from @throws CommandError */
export function decoded(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new CommandError(`${name} is not text: it is not UTF-8`, { cause });
  }
}

/** What the system says, without the code, the call and the name of the file. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^E[A-Z]+: /, "").replace(/, \w+( '.*')?$/, "") : String(error);
}
