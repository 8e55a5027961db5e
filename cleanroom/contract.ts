import { parseAnswer } from "../client/answer.js";
import { waitForCommit } from "../client/commit.js";
import { CommitError } from "../client/errors.js";
import type { Request, Response, Transport } from "../client/transport.js";
import { CleanRoomError } from "./errors.js";
import { attestedBody } from "./request.js";
import type { Room } from "./room.js";
import { unwrap } from "./unwrap.js";

/** A contract, as a clean room of it sees the service. */
export type Contract = {
  /** One that sends again what was not answered: see retry.ts. */
  readonly transport: Transport;
  /** Where the contract lies: `/app/contracts/ID`. */
  readonly prefix: () => string;
  readonly room: () => Promise<Room>;
};

/** How often a write is sent that the service has carried out and lost again in an election. */
const WRITES = 3;

/** @throws CleanRoomError InvalidPathPrefix */
export function prefixOf(text: string): string {
  const prefix = text.replace(/^\/|\/$/g, "");
  const segments = prefix.split("/");
  if (prefix.length <= 256 && segments.every((segment) => /^[A-Za-z0-9._~-]+$/.test(segment) && !/^\.+$/.test(segment)))
    return `/${prefix}`;
  throw new CleanRoomError("InvalidPathPrefix", `"${text}" is no path of a contract: app/contracts/ID is expected`);
}

/** A part of a path. Ids of secrets have a colon in them, which may stand in a path and which services compare as it stands. */
export const segment = (text: string): string => encodeURIComponent(text).replaceAll("%3A", ":");

/**
 * A query. CCF decodes all of it before it looks for the parameters, so that an `&` in a value would begin another one.
 *
 * @param parameters those that are undefined or empty are left out
 * @throws CleanRoomError InvalidParameter
 */
export function queryOf(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  const pairs = given.map(([name, value = ""]) => {
    if (String(value).includes("&"))
      throw new CleanRoomError("InvalidParameter", `the parameter ${name} has an & in it, which CCF does not take`);
    return `${name}=${encodeURIComponent(value)}`;
  });
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

export type Fields = Readonly<Record<string, unknown>>;

/** @param answer the JSON of a good answer, undefined where it was empty @throws CleanRoomError UnexpectedAnswer unless it is an object */
export function fieldsOf(answer: unknown): Fields {
  if (typeof answer === "object" && answer !== null && !Array.isArray(answer)) return answer as Fields;
  throw new CleanRoomError("UnexpectedAnswer", "the service answered with something other than a JSON object");
}

/** What the service answers to a request with a JSON body. @throws ServiceError, ConnectionError, CleanRoomError UnexpectedAnswer */
export async function ask({ transport, prefix }: Contract, method: Request["method"], path: string, body: unknown): Promise<Fields> {
  return fieldsOf(parseAnswer(await transport.request(requestOf(method, prefix() + path, body))));
}

/**
 * What the service releases to this clean room alone.
 *
 * @param more fields of the body besides those by which the clean room proves itself
 * @throws ServiceError, ConnectionError, CleanRoomError
 */
export async function released(contract: Contract, path: string, body?: unknown): Promise<string> {
  const room = await contract.room();
  const { value } = await ask(contract, "POST", path, body ?? attestedBody(room));
  if (typeof value !== "string") throw new CleanRoomError("UnexpectedAnswer", `the service answered ${path} without a value`);
  return unwrap(room.keys, value);
}

/**
 * Writes, and returns once the write is durable. A write that was lost is sent again as it was.
 *
 * @returns the JSON of the answer; undefined where it is empty
 * @throws ServiceError, ConnectionError, CommitError; CleanRoomError UnexpectedAnswer where nobody could find out whether it is durable
 */
export async function write({ transport, prefix }: Contract, path: string, body: unknown): Promise<unknown> {
  const request = requestOf("PUT", prefix() + path, body);
  for (let attempt = 1; ; attempt++) {
    const response = await transport.request(request);
    const answer = parseAnswer(response);
    const transactionId = transactionOf(response);
    try {
      await waitForCommit(transport, transactionId);
      return answer;
    } catch (error) {
      if (!(error instanceof CommitError) || error.code !== "TransactionInvalid" || attempt === WRITES) throw error;
    }
  }
}

function transactionOf({ transactionId }: Response): string {
  if (transactionId !== undefined && /^\d{1,20}\.\d{1,20}$/.test(transactionId)) return transactionId;
  throw new CleanRoomError("UnexpectedAnswer", "the service answered a write without naming a transaction");
}

function requestOf(method: Request["method"], path: string, body: unknown): Request {
  return { method, path, contentType: "application/json", body: Buffer.from(JSON.stringify(body), "utf8") };
}
