import { createConnection, createServer, type Server, type Socket } from "node:net";
import { CommandError } from "../failure.js";

/** What a running sandbox can be asked, by the word for it. Questions and answers are JSON. */
export type Words = Readonly<Record<string, (argument: unknown) => Promise<unknown>>>;

/** One line each way, and the connection ends. */
type Question = { readonly word: string; readonly argument?: unknown };
type Answer = { readonly result: unknown } | { readonly problem: string };

/** Answers at a socket that its owner alone can open. */
export function listen(path: string, words: Words): Promise<Server> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined); // whoever asked does not wait for the answer; what was asked for goes on
    let text = "";
    socket.setEncoding("utf8").on("data", (data: string) => {
      const asked = text.includes("\n");
      text += data;
      if (!asked && text.includes("\n")) void answer(text, words).then((answer) => socket.end(`${JSON.stringify(answer)}\n`));
    });
  });
  return new Promise((resolve, reject) => {
    const mask = process.umask(0o177); // for its owner alone, from the first moment
    server.once("error", reject);
    server.listen(path, () => {
      process.umask(mask);
      resolve(server);
    });
  });
}

async function answer(line: string, words: Words): Promise<Answer> {
  try {
    const { word, argument } = JSON.parse(line) as Question;
    const act = Object.hasOwn(words, word) ? words[word] : undefined;
    if (!act) return { problem: `it does not know the word ${word}` };
    return { result: (await act(argument)) ?? null };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** @throws CommandError with the reason of the sandbox, or when it ends without an answer */
export async function ask(path: string, question: Question): Promise<unknown> {
  const text = await exchange(createConnection(path), `${JSON.stringify(question)}\n`);
  if (!text.endsWith("\n")) throw new CommandError("the sandbox ended without an answer");
  const answer = JSON.parse(text) as Answer;
  if ("problem" in answer) throw new CommandError(answer.problem);
  return answer.result;
}

function exchange(socket: Socket, question: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    socket.setEncoding("utf8").on("data", (data: string) => (text += data));
    socket.on("error", reject);
    socket.on("close", () => {
      resolve(text);
    });
    socket.write(question);
  });
}

/** Whether anybody listens. */
export function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => {
      resolve(false);
    });
  });
}
