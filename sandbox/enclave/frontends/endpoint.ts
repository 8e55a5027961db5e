import { decodeQuery } from "../http/query.js";
import type { HttpRequest, HttpResponse } from "../http/message.js";
import { splitOnce } from "../http/splitOnce.js";
import type { Transaction } from "../kv/transaction.js";
import type { Operation } from "./openApiComponents.js";

/** What an endpoint is called with. */
export type EndpointCall = {
  readonly request: HttpRequest;
  /** Values of the template's `{names}`, not percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: ReadonlyMap<string, string>;
  readonly tx: Transaction;
};

/**
 * One operation of a front end, registered under its path without the front end's prefix.
 *
 * The service around it begins the transaction, turns a thrown CcfError into its response (anything else into 500 InternalError), commits
 * the writes if and only if the status is 2xx, and adds `x-ms-ccf-transaction-id`.
 */
export type Endpoint = ((call: EndpointCall) => HttpResponse) & {
  /** What the front end's OpenAPI document says of it, beside what it says of every endpoint. */
  readonly operation?: Operation;
};

export const described = (operation: Operation, endpoint: (call: EndpointCall) => HttpResponse): Endpoint =>
  Object.assign((call: EndpointCall) => endpoint(call), { operation });

/** Query parameters as CCF reads them: the whole query is decoded first, then split; of a repeated name the first value counts. */
export function parseQuery(query: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const pair of decodeQuery(query).split("&")) {
    const [name, value] = splitOnce(pair, "=");
    if (!values.has(name)) values.set(name, value);
  }
  return values;
}
