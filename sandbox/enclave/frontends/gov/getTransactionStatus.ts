import type { GovernanceContext } from "../../gov/context.js";
import { CcfError } from "../../http/errors.js";
import { json, type HttpResponse } from "../../http/message.js";
import type { EndpointCall } from "../endpoint.js";
import { parseTransactionId } from "../transactionId.js";

/** GET /service/transactions/{transactionId}. @throws CcfError InvalidQueryParameterValue */
export const getTransactionStatus =
  ({ consensus }: GovernanceContext) =>
  ({ params }: EndpointCall): HttpResponse => {
    const text = params.transactionId ?? "";
    const id = parseTransactionId(text);
    if (!id) {
      const message = `The value '${text}' passed as parameter 'transactionId' could not be converted to a valid Transaction ID.`;
      throw new CcfError("InvalidQueryParameterValue", message);
    }
    return json(200, { status: consensus.statusOf(id.view, id.seqno), transactionId: `${id.view}.${id.seqno}` });
  };
