import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Refused } from "./refusal.js";

/** Bytes: in base64, as the service takes it, no more than it takes. */
const LONGEST_BODY = 393_216;

const TOO_LARGE = 413;

/** The text of a JSON body, which is signed as it was sent. @throws Refused BodyTooLarge, InvalidInput */
export async function readJson(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // The connection stays for the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LONGEST_BODY) throw new Refused(TOO_LARGE, "BodyTooLarge", `the body is larger than ${LONGEST_BODY} bytes`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  try {
    JSON.parse(text);
  } catch {
    throw new Refused(400, "InvalidInput", "the body is not JSON");
  }
  return text;
}

/** @param body undefined for an empty one */
export function send(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  const text = body === undefined ? "" : JSON.stringify(body);
  response.writeHead(status, {
    ...(text !== "" && { "content-type": "application/json; charset=utf-8" }),
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    ...(status === TOO_LARGE && { connection: "close" }), // with the rest of a body that nobody reads
    ...headers,
  });
  response.end(text);
}

export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

export function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}
