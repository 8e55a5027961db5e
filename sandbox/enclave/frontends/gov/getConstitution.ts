import { tables } from "../../gov/tables.js";
import { CcfError } from "../../http/errors.js";
import type { HttpResponse } from "../../http/message.js";
import type { EndpointCall } from "../endpoint.js";

/** GET /service/constitution: the script itself. @throws CcfError ResourceNotFound */
export function getConstitution({ tx }: EndpointCall): HttpResponse {
  const body = tables(tx).constitution.get();
  if (body === undefined) throw new CcfError("ResourceNotFound", "Constitution not found");
  return { status: 200, headers: { "content-type": "text/javascript" }, body };
}
