import { memberName } from "../../gov/ids.js";
import { tables } from "../../gov/tables.js";
import { CcfError } from "../../http/errors.js";
import { json, type HttpResponse } from "../../http/message.js";
import type { EndpointCall } from "../endpoint.js";

/** GET /members/state-digests/{memberId}: the digest that the member is asked to acknowledge. @throws CcfError ResourceNotFound */
export function getStateDigest({ params, tx }: EndpointCall): HttpResponse {
  const memberId = params.memberId ?? "";
  const ack = tables(tx).memberAcks.get(memberId);
  if (!ack) throw new CcfError("ResourceNotFound", `No ACK record exists for member ${memberName(memberId)}.`);
  return json(200, { memberId, stateDigest: ack.state_digest });
}
