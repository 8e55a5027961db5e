import { json } from "../http/message.js";
import { described, type Endpoint, type EndpointCall } from "./endpoint.js";
import { jsonOperation, type Operation, type SchemaName } from "./openApiComponents.js";

/** An endpoint whose answer is JSON, of the given schema. */
export const jsonEndpoint = (answer: (call: EndpointCall) => unknown, schema: SchemaName = "json", operation: Operation = {}): Endpoint =>
  described(jsonOperation(schema, operation), (call) => json(200, answer(call)));
