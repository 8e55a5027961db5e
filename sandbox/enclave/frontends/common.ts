import { CcfError } from "../http/errors.js";
import { httpReceipt } from "../ledger/receipt.js";
import type { Router } from "../http/router.js";
import type { NodeContext } from "./context.js";
import { described, type Endpoint } from "./endpoint.js";
import { atTransaction } from "./historical.js";
import { jsonEndpoint, jsonFor } from "./jsonEndpoint.js";
import { forwarded, jsonOperation, queryParameter } from "./openApiComponents.js";
import { parseTransactionId } from "./transactionId.js";

/**
 * The endpoints that every front end of CCF has: `commit`, `tx`, `receipt` and `api`.
 *
 * @param api the OpenAPI document of the front end
 */
export function addCommonEndpoints(router: Router<Endpoint>, context: NodeContext, api: () => object): Router<Endpoint> {
  const commit = jsonEndpoint(
    ({ query }) => {
      const { view, seqno } = context.ledger.lastCommitted();
      const history = viewHistory(context, query.get("view_history"), query.get("view_history_since"));
      return { transaction_id: `${view}.${seqno}`, ...(history && { view_history: history }) };
    },
    "GetCommit__Out",
    {
      summary: "Current commit level",
      description: "Latest transaction ID that has been committed on the service",
      parameters: [queryParameter("view_history", "boolean", false), queryParameter("view_history_since", "uint64", false)],
      ...SOMETIMES_FORWARDED,
    },
  );
  const tx = jsonEndpoint(
    ({ query }) => {
      const text = query.get("transaction_id");
      if (text === undefined) throw new CcfError("InvalidQueryParameterValue", "Missing query parameter 'transaction_id'");
      const id = parseTransactionId(text);
      if (!id) {
        const problem = "passed as query parameter 'transaction_id' could not be converted to a valid Transaction ID.";
        throw new CcfError("InvalidQueryParameterValue", `The value '${text}' ${problem}`);
      }
      return { status: context.ledger.statusOf(id.view, id.seqno), transaction_id: `${id.view}.${id.seqno}` };
    },
    "GetTxStatus__Out",
    {
      summary: "Current status of a transaction",
      description: "Possible statuses returned are Unknown, Pending, Committed or Invalid.",
      parameters: [queryParameter("transaction_id", "TransactionId", true)],
      ...SOMETIMES_FORWARDED,
    },
  );
  const receipt = described(
    jsonOperation("json", {
      summary: "Receipt for a transaction",
      description: "A signed statement from the service over a transaction entry in the ledger",
      parameters: [queryParameter("transaction_id", "TransactionId", true)],
      ...SOMETIMES_FORWARDED,
    }),
    ({ query, request, tx }) => {
      tx.table("public:ccf.internal.signatures");
      return atTransaction(context, query.get("transaction_id"), ({ receipt }) => jsonFor(request, httpReceipt(receipt)));
    },
  );
  return router
    .add("GET", "/commit", commit)
    .add("GET", "/tx", tx)
    .add("GET", "/receipt", receipt)
    .add("GET", "/api", jsonEndpoint(api, "json", { summary: "OpenAPI schema", ...SOMETIMES_FORWARDED }));
}

const SOMETIMES_FORWARDED = { "x-ccf-forwarding": forwarded("sometimes") };

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
