import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { isIPv6 } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { isLoopbackUrl } from "../../azure/loopback.js";
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
  /** Answers what was begun, for some seconds; what is not over then fails. */
  readonly stop: () => Promise<void>;
};

/** How many requests may be under way at the service at the same time. */
const CONNECTIONS = 8;

/** Milliseconds for what was begun when the agent ends, and then for telling workloads that it has failed. */
const GRACE = 5000;
const FAREWELL = 500;

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
      requireWorkload(request, isLocal(host));
      const { pathname, searchParams } = addressOf(request);
      const { route, parts } = (found = find(request.method, pathname));
      const { transport, transaction } = observed(service);
      const body = await route.answer({
        contract: { transport, room, prefix: () => prefixFor(request, ownPrefix) },
        settings,
        part: (name) => parts[name] ?? "",
        query: (name) => parameterOf(searchParams, name),
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
    const closed = once(server.close(), "close");
    server.closeIdleConnections();
    if (!(await within(GRACE, closed))) {
      await connection.abandon();
      await within(FAREWELL, closed);
      server.closeAllConnections();
      await closed;
    }
    await connection.abandon();
  };
  return { url: urlOf(server), stop: () => (stopping ??= stop()) };
}

/** @returns whether it was over in time */
async function within(milliseconds: number, end: Promise<unknown>): Promise<boolean> {
  const over = new AbortController();
  const late = sleep(milliseconds, false, { signal: over.signal }).catch(() => true);
  const inTime = await Promise.race([end.then(() => true), late]);
  over.abort();
  return inTime;
}

/**
 * A page that a browser shows on the same machine is no workload. Most give themselves away by a header; one whose own name was made to lead
 * here (DNS rebinding) is of the same origin then, but names its host.
 *
 * @param local whether the agent listens at this machine's own address, which has no other names
 * @throws Refused NotForBrowsers
 */
function requireWorkload({ headers }: IncomingMessage, local: boolean): void {
  const renamed = local && !isLocal(headers.host ?? "localhost");
  const { origin, "sec-fetch-site": site = "none" } = headers;
  if (origin === undefined && site === "none" && !renamed) return;
  throw new Refused(403, "NotForBrowsers", "requests of web pages are not answered");
}

/** Whether a host, with or without a port, is this machine's own address. */
function isLocal(host: string): boolean {
  const url = `http://${isIPv6(host) ? `[${host}]` : host}`;
  return URL.canParse(url) && isLoopbackUrl(url);
}

/** @throws Refused InvalidInput */
function addressOf({ url = "" }: IncomingMessage): URL {
  // A proxy is asked with the whole URL, which servers take as well (RFC 9112, 3.2.2).
  const text = url.startsWith("/") ? `http://agent${url}` : url;
  if (/^https?:/i.test(text) && URL.canParse(text)) return new URL(text);
  throw new Refused(400, "InvalidInput", "the request names no path");
}

/** One that is empty counts as absent. @throws Refused InvalidInput */
function parameterOf(parameters: URLSearchParams, name: string): string | undefined {
  const [value = "", ...others] = parameters.getAll(name);
  if (others.length > 0) throw new Refused(400, "InvalidInput", `the parameter ${name} is given more than once`);
  return value === "" ? undefined : value;
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
