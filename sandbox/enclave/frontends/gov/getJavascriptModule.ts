import { tables } from "../../gov/tables.js";
import { CcfError } from "../../http/errors.js";
import type { HttpResponse } from "../../http/message.js";
import { decodeQuery } from "../../http/query.js";
import type { EndpointCall } from "../endpoint.js";

/** GET /service/javascript-modules/{moduleName}: the source; the name starts with a slash, which the path encodes. @throws CcfError ResourceNotFound */
export function getJavascriptModule({ params, tx }: EndpointCall): HttpResponse {
  const name = decodeQuery(params.moduleName ?? "");
  const body = tables(tx).modules.get(name);
  if (body === undefined) throw new CcfError("ResourceNotFound", `Module ${name} does not exist.`);
  return { status: 200, headers: { "content-type": "text/javascript" }, body };
}
