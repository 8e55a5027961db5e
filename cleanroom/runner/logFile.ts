import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { notWritten } from "../blocks/notWritten.js";

export type Output = "stdout" | "stderr";

/** UTF-16 code units of a line; what is longer is told in parts. */
const LONGEST = 16 * 1024;

export type LogFile = {
  /** Writes all of a stream, or what came of it before it was destroyed. @throws DataError NotWritten */
  readonly take: (output: Output, stream: Readable) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** A log of containers: lines of `TIME stdout|stderr F|P TEXT`, where P is a line that goes on in the next. */
export function logFile(path: string, now = (): Date => new Date()): LogFile {
  const named = (cause: unknown): never => {
    throw notWritten(path, cause);
  };
  const opened = open(path, "a", 0o600).catch(named);
  opened.catch(() => undefined); // whoever writes is told
  const append = async (lines: readonly string[]): Promise<void> => {
    // In append mode each write is whole, so lines of two streams do not mix.
    if (lines.length > 0) await (await opened).appendFile(lines.join("")).catch(named);
  };
  return {
    take: async (output, stream) => {
      const line = (tag: "F" | "P", text: string): string => `${now().toISOString()} ${output} ${tag} ${text}\n`;
      await opened;
      let rest = "";
      for await (const chunk of untilDestroyed(stream.setEncoding("utf8"))) {
        const texts = `${rest}${chunk}`.split("\n").map(parts);
        rest = texts.at(-1)?.pop() ?? "";
        const ended = texts.slice(0, -1).flatMap((text) => {
          const last = text.pop() ?? "";
          return [...text.map((part) => line("P", part)), line("F", last.replace(/\r$/, ""))];
        });
        await append([...ended, ...(texts.at(-1) ?? []).map((part) => line("P", part))]);
      }
      if (rest !== "") await append([line("F", rest)]);
    },
    close: async () => {
      const file = await opened.catch(() => undefined);
      await file?.close();
    },
  };
}

/** A text in pieces that are short enough; none begins or ends inside a character. */
function parts(text: string): string[] {
  const found: string[] = [];
  let from = 0;
  while (text.length - from > LONGEST) {
    const end = from + LONGEST;
    const next = /[\uD800-\uDBFF]/.test(text.charAt(end - 1)) ? end - 1 : end;
    found.push(text.slice(from, next));
    from = next;
  }
  return [...found, text.slice(from)];
}

async function* untilDestroyed(stream: Readable): AsyncGenerator<string> {
  try {
    for await (const chunk of stream) yield chunk as string;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}
