import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type Transport } from "../../client/transport.js";
import { prefixOf } from "../contract.js";
import { retrying, type Patience } from "../retry.js";
import type { Room } from "../room.js";
import { find, type Found } from "./find.js";
import { listen, readJson, send, urlOf } from "./http.js";
import { failureOf, Refused } from "./refusal.js";

export type AgentOptions = {
  /** `https://host:port` of the governance service. */
  readonly ccfEndpoint: string;
  /** PEM; the only certificate that is trusted. */
  readonly serviceCertificate: string;
  /** Where the contract lies: `app/contracts/ID`. A request may name another in the header `x-ms-ccr-governance-api-path-prefix`. */
  readonly pathPrefix?: string | undefined;
  readonly room: () => Promise<Room>;
  /** 0 picks a free one. */
  readonly port: number;
  /** Whoever reaches this address is the clean room; a loopback address unless it is given. */
  readonly host?: string | undefined;
  readonly patience?: Patience | undefined;
  /**
   * Is told of each request: its route, its status, the code of a refusal, and where the agent itself failed. Never what was asked for or
   * given.
   */
  readonly log?: ((line: string) => void) | undefined;
};

export type Agent = {
  readonly url: string;
  /** Answers what was begun, and no longer waits for a service that does not answer. */
  readonly stop: () => Promise<void>;
};

/** How many requests may be under way at the service at the same time. */
const CONNECTIONS = 8;

const PREFIX_HEADER = "x-ms-ccr-governance-api-path-prefix";

/**
 * Serves what a clean room asks governance for, as plain HTTP for the workload beside it: keys, evidence, signatures and decryption stay here.
 *
 * @throws Refusal InvalidUrl; CleanRoomError InvalidPathPrefix; system errors where it cannot listen
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { ccfEndpoint, serviceCertificate, pathPrefix, room, port, host = "127.0.0.1", log } = options;
  const ownPrefix = pathPrefix === undefined ? undefined : prefixOf(pathPrefix);
  const connection = connect({ url: ccfEndpoint, serviceCertificate, connections: CONNECTIONS });
  const ending = new AbortController();
  const service = retrying(connection, options.patience, ending.signal);
  const settings = { ccrgovEndpoint: connection.url, serviceCert: serviceCertificate };

  /** @returns the route, and how the request ended */
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<string> => {
    let found: Found | undefined;
    const reply = (status: number, body: unknown, headers = {}): void => {
      if (ending.signal.aborted) response.shouldKeepAlive = false;
      send(response, status, body, headers);
    };
    const ended = (how: string): string => `${found ? `${found.route.method} ${found.route.path}` : "no route"}: ${how}`;
    try {
      requireWorkload(request);
      const { pathname, searchParams } = addressOf(request);
      const { route, parts } = (found = find(request.method, pathname));
      const { transport, transaction } = observed(service);
      const body = await route.answer({
        contract: { transport, room, prefix: () => prefixFor(request, ownPrefix) },
        settings,
        part: (name) => parts[name] ?? "",
        query: (name) => (searchParams.get(name) === "" ? undefined : (searchParams.get(name) ?? undefined)),
        json: () => readJson(request),
      });
      reply(200, body, transaction());
      return ended("200");
    } catch (error) {
      const { status, code, message, trace } = failureOf(error);
      reply(status, { error: { code, message } });
      return ended(`${status} ${code}${trace === undefined ? "" : ` ${trace}`}`);
    }
  };

  const server = createServer((request, response) => {
    void respond(request, response).then(log);
  });
  try {
    await listen(server, port, host);
  } catch (error) {
    await connection.close();
    throw error;
  }
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    ending.abort();
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeIdleConnections();
    });
    await connection.close();
  };
  return { url: urlOf(server), stop: () => (stopping ??= stop()) };
}

/** A page that a browser shows on the same machine is no workload. @throws Refused NotForBrowsers */
function requireWorkload({ headers }: IncomingMessage): void {
  if (headers.origin !== undefined) throw new Refused(403, "NotForBrowsers", "requests of web pages are not answered");
}

/** @throws Refused InvalidInput */
function addressOf({ url }: IncomingMessage): URL {
  const text = `http://agent${url ?? ""}`;
  if (url?.startsWith("/") && URL.canParse(text)) return new URL(text);
  throw new Refused(400, "InvalidInput", "the request names no path");
}

/** @throws Refused, CleanRoomError InvalidPathPrefix */
function prefixFor({ headers }: IncomingMessage, own: string | undefined): string {
  const named = headers[PREFIX_HEADER];
  if (typeof named === "string" && named !== "") return prefixOf(named);
  if (own !== undefined) return own;
  throw new Refused(400, "InvalidPathPrefix", `which contract? The agent has none of its own; name one in the header ${PREFIX_HEADER}`);
}

/** A transport that keeps the transaction of its first answer for the workload; what follows asks what became of that one. */
function observed(service: Transport): { readonly transport: Transport; readonly transaction: () => Readonly<Record<string, string>> } {
  let first: string | undefined;
  const request: Transport["request"] = async (request) => {
    const response = await service.request(request);
    first ??= response.transactionId;
    return response;
  };
  return { transport: { ...service, request }, transaction: () => (first === undefined ? {} : { "x-ms-ccf-transaction-id": first }) };
}
