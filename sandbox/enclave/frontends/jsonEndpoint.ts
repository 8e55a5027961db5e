import { requireJsonAccepted } from "../http/accept.js";
import { json, type HttpRequest, type HttpResponse } from "../http/message.js";
import { described, type Endpoint, type EndpointCall } from "./endpoint.js";
import { jsonOperation, type Operation, type SchemaName } from "./openApiComponents.js";

/** An endpoint of CCF's JSON adapter: its answer, of the given schema, is for clients that accept JSON; its errors are for all. */
export const jsonEndpoint = (answer: (call: EndpointCall) => unknown, schema: SchemaName = "json", operation: Operation = {}): Endpoint =>
  described(jsonOperation(schema, operation), (call) => jsonFor(call.request, answer(call)));

/** @throws CcfError InvalidHeaderValue, UnsupportedContentType */
export function jsonFor(request: HttpRequest, value: unknown): HttpResponse {
  requireJsonAccepted(request.headers.accept);
  return json(200, value);
}
