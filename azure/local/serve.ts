import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import type { Issued } from "./authority.js";
import { Refused } from "./refused.js";

export type Asked = {
  readonly method: string;
  /** Without the query; decoded by whoever reads a part of it. */
  readonly path: string;
  /** What follows `Bearer `; undefined where nobody is named. */
  readonly token: string | undefined;
  /** UTF-8. */
  readonly body: string;
};

/** Answers with JSON. @throws Refused */
export type Answer = (asked: Asked) => Promise<unknown>;

/** How a service writes that it refuses. */
export type Refusing = (refused: Refused) => unknown;

export type Listening = { /** `https://127.0.0.1:PORT` */ readonly url: string; readonly close: () => Promise<void> };

/** Bytes of a request: evidence has some 10,000. */
const LONGEST = 256 * 1024;

/** Milliseconds that a connection may be idle; longer than clients pause. */
const IDLE = 60_000;

/** As services of Azure do. */
export const plainly: Refusing = ({ code, message }) => ({ error: { code, message } });

/** Listens at this machine's loopback address, and nowhere else. @param port 0 for a free one */
export async function serve(port: number, tls: Issued, answer: Answer, refusing: Refusing = plainly): Promise<Listening> {
  const server = createServer({ cert: tls.certificate, key: tls.key, minVersion: "TLSv1.2" }, (request, response) => {
    void respond(request, response, answer, refusing);
  });
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = IDLE;
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: chosen } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${chosen}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function respond(request: IncomingMessage, response: ServerResponse, answer: Answer, refusing: Refusing): Promise<void> {
  const send = (status: number, body: unknown): void => {
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" }).end(JSON.stringify(body));
  };
  try {
    requireLoopback(request);
    const [path = ""] = (request.url ?? "").split("?");
    const [, token] = /^Bearer ([\x21-\x7e]+)$/i.exec(request.headers.authorization ?? "") ?? [];
    send(200, await answer({ method: request.method ?? "", path, token, body: await bodyOf(request) }));
  } catch (error) {
    if (error instanceof Refused) send(error.status, refusing(error));
    else {
      process.emitWarning(error instanceof Error ? error : String(error)); // for whoever runs it; the caller learns nothing
      send(500, refusing(new Refused(500, "InternalError", "the local cloud has failed")));
    }
  } finally {
    if (!request.complete) request.destroy();
  }
}

/** A page in a browser may send requests to this machine, but under a name of its own. */
function requireLoopback({ headers, socket }: IncomingMessage): void {
  const name = (headers.host ?? "").replace(/:\d+$/, "");
  if (["127.0.0.1", "localhost"].includes(name) && socket.remoteAddress === "127.0.0.1" && headers.origin === undefined) return;
  throw new Refused(403, "NotLocal", "the local cloud is for this machine alone");
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LONGEST) throw new Refused(413, "RequestTooLarge", `a request has at most ${LONGEST} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** @throws Refused for what is no JSON object */
export function objectIn(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new Refused(400, "BadParameter", "the body is no JSON", { cause });
  }
  throw new Refused(400, "BadParameter", "the body is no JSON object");
}
