import { parseAnswer, textOf } from "./answer.js";
import { waitForCommit } from "./commit.js";
import { signMessage, type Message } from "./cose.js";
import { Refusal } from "./errors.js";
import type { Identity, Signer } from "./identity.js";
import { connect, type Endpoint, type Request, type Response, type Transport } from "./transport.js";

/** One member at one service. Every write returns only once it is durable. */
export type Session<Who extends Signer = Signer> = {
  readonly transport: Transport;
  readonly identity: Who;
  /** Where the connections do not show the member's certificate: what that means, and what to do. */
  readonly notAsMember?: string;
};

export function openSession(endpoint: Endpoint & { readonly identity: Identity }): Session<Identity> {
  return { transport: connect(endpoint), identity: endpoint.identity };
}

/** The governance API that all CCF releases since 5.0 speak. */
const apiVersion = "2024-07-01";

/** A path whose inserted values are percent-encoded, so that no id can point elsewhere. */
export function path(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: parts }, ...values.map(encodeURIComponent));
}

/** Adds the version of the governance API to a path under `/gov`. */
export function governance(address: string): string {
  return `${address}${address.includes("?") ? "&" : "?"}api-version=${apiVersion}`;
}

/** GET of a JSON document. @throws ServiceError, ConnectionError */
export async function getJson<T>(transport: Transport, address: string): Promise<T> {
  return parseAnswer(await transport.request({ method: "GET", path: address })) as T;
}

/** GET of a text. @throws ServiceError, ConnectionError */
export async function getText(transport: Transport, address: string): Promise<string> {
  return textOf(await transport.request({ method: "GET", path: address }));
}

/** A question that the application takes by POST, without a body. @throws ServiceError, ConnectionError */
export async function ask<T>(transport: Transport, address: string): Promise<T> {
  return parseAnswer(await transport.request({ method: "POST", path: address })) as T;
}

/**
 * A write to the application, which knows the member by the connection; `body` is left out where the operation takes none.
 *
 * @throws Refusal MemberCertificateMissing; ServiceError, ConnectionError, CommitError
 */
export async function write<T>(session: Session, method: "PUT" | "POST", address: string, body?: unknown): Promise<T> {
  if (session.notAsMember !== undefined) throw new Refusal("MemberCertificateMissing", session.notAsMember);
  const content = body === undefined ? {} : { contentType: "application/json", body: Buffer.from(JSON.stringify(body), "utf8") };
  return durable<T>(session.transport, { method, path: address, ...content });
}

/** A governance request signed by the member. @throws ServiceError, ConnectionError, CommitError */
export async function writeSigned<T>(session: Session, address: string, message: Message): Promise<T> {
  return durable<T>(session.transport, {
    method: "POST",
    path: governance(address),
    contentType: "application/cose",
    body: await signMessage(session.identity, message),
  });
}

async function durable<T>(transport: Transport, request: Request): Promise<T> {
  const response: Response = await transport.request(request);
  const answer = parseAnswer(response) as T;
  if (response.transactionId !== undefined) await waitForCommit(transport, response.transactionId);
  return answer;
}
