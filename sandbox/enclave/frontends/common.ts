import { CcfError } from "../http/errors.js";
import { json } from "../http/message.js";
import { httpReceipt } from "../ledger/receipt.js";
import type { Router } from "../http/router.js";
import type { NodeContext } from "./context.js";
import type { Endpoint } from "./endpoint.js";
import { atTransaction } from "./historical.js";
import { parseTransactionId } from "./transactionId.js";

/** The endpoints that every front end of CCF has: `commit`, `tx` and `receipt`. */
export function addCommonEndpoints(router: Router<Endpoint>, context: NodeContext): Router<Endpoint> {
  return router
    .add("GET", "/commit", ({ query }) => {
      const { view, seqno } = context.ledger.lastCommitted();
      const history = viewHistory(context, query.get("view_history"), query.get("view_history_since"));
      return json(200, { transaction_id: `${view}.${seqno}`, ...(history && { view_history: history }) });
    })
    .add("GET", "/tx", ({ query }) => {
      const text = query.get("transaction_id");
      if (text === undefined) throw new CcfError("InvalidQueryParameterValue", "Missing query parameter 'transaction_id'");
      const id = parseTransactionId(text);
      if (!id) {
        const problem = "passed as query parameter 'transaction_id' could not be converted to a valid Transaction ID.";
        throw new CcfError("InvalidQueryParameterValue", `The value '${text}' ${problem}`);
      }
      return json(200, { status: context.ledger.statusOf(id.view, id.seqno), transaction_id: `${id.view}.${id.seqno}` });
    })
    .add("GET", "/receipt", ({ query, tx }) => {
      tx.table("public:ccf.internal.signatures");
      return atTransaction(context, query.get("transaction_id"), ({ receipt }) => json(200, httpReceipt(receipt)));
    });
}

function viewHistory(context: NodeContext, wanted: string | undefined, since: string | undefined): readonly string[] | undefined {
  if (wanted !== undefined && wanted !== "true" && wanted !== "false") {
    throw new CcfError("InvalidQueryParameterValue", "Invalid value for view_history, must be one of [true, false] when present");
  }
  const from = since !== undefined && /^\d+$/.test(since) ? Number(since) : undefined;
  if (wanted !== "true" && from === undefined) return undefined;
  const first = wanted === "true" ? 1 : (from ?? 1);
  if (first < 1 || first > context.ledger.currentView) {
    const message = "Invalid value for view_history_since, must be in range [1, current_term]";
    throw new CcfError("InvalidQueryParameterValue", message, { status: 404 });
  }
  return context.ledger
    .viewHistory()
    .filter(({ view }) => view >= first)
    .map(({ view, first: seqno }) => `${view}.${seqno}`);
}
