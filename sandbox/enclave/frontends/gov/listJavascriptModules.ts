import { tables } from "../../gov/tables.js";
import { json, type HttpResponse } from "../../http/message.js";
import type { EndpointCall } from "../endpoint.js";

/** GET /service/javascript-modules. */
export function listJavascriptModules({ tx }: EndpointCall): HttpResponse {
  const names = tables(tx).modules.keys();
  return json(200, { value: names.map((moduleName) => ({ moduleName })) });
}
