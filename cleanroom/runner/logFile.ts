import { createWriteStream } from "node:fs";
import { once } from "node:events";
import type { Readable } from "node:stream";

export type Output = "stdout" | "stderr";

/** Characters of a line; what is longer is told in parts. */
const LONGEST = 16 * 1024;

export type LogFile = {
  /** Writes all of a stream. */
  readonly take: (output: Output, stream: Readable) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** A log of containers: lines of `TIME stdout|stderr F|P TEXT`, where P is a line that goes on in the next. */
export function logFile(path: string, now = (): Date => new Date()): LogFile {
  const file = createWriteStream(path, { flags: "a", mode: 0o600 });
  const opened = once(file, "open");
  opened.catch(() => undefined); // whoever writes is told
  const write = async (output: Output, tag: "F" | "P", text: string): Promise<void> => {
    if (!file.write(`${now().toISOString()} ${output} ${tag} ${text}\n`)) await once(file, "drain");
  };
  return {
    take: async (output, stream) => {
      await opened;
      let rest = "";
      for await (const chunk of stream.setEncoding("utf8") as AsyncIterable<string>) {
        const lines = `${rest}${chunk}`.split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) await write(output, "F", line.replace(/\r$/, ""));
        for (; rest.length > LONGEST; rest = rest.slice(LONGEST)) await write(output, "P", rest.slice(0, LONGEST));
      }
      if (rest !== "") await write(output, "F", rest);
    },
    close: async () => {
      file.end();
      await once(file, "close");
    },
  };
}
