import { commands } from "../../cli/commands.js";
import { parse } from "../../cli/program.js";

/** Reads a command line without running it. @returns what is wrong with it; nothing when all is well */
export async function complaint(words: readonly string[]): Promise<string> {
  const notes: string[] = [];
  const io = { env: {}, out: () => undefined, note: (line: string) => notes.push(line), stdin: () => Promise.resolve("") };
  try {
    const call = await parse(commands, words, io);
    return call.kind === "command" ? "" : notes.join("\n");
  } catch (error) {
    return (error as Error).message;
  }
}
