import { CcfError } from "../http/errors.js";
import type { HttpResponse } from "../http/message.js";
import type { HistoricalState } from "../js/host.js";
import type { NodeContext } from "./context.js";
import { parseTransactionId } from "./transactionId.js";

/**
 * Answers from the state of one committed transaction: 202 with `retry-after` until the ledger entry has been fetched.
 *
 * @throws CcfError TransactionInvalid, TransactionPendingOrUnknown
 */
export function atTransaction(
  context: NodeContext,
  text: string | undefined,
  answer: (state: HistoricalState) => HttpResponse,
): HttpResponse {
  const id = parseTransactionId(text);
  if (!id) throw new CcfError("TransactionInvalid", "Could not extract Transaction Id");
  const status = context.ledger.statusOf(id.view, id.seqno);
  const refusal = `Only committed transactions can be queried. Transaction ${id.view}.${id.seqno} is ${status}`;
  if (status === "Invalid") throw new CcfError("TransactionInvalid", refusal);
  if (status !== "Committed") throw new CcfError("TransactionPendingOrUnknown", refusal, { headers: { "cache-control": "no-cache" } });

  const state = context.ledger.historical.state(id.view, id.seqno);
  if (state) return answer(state);
  return {
    status: 202,
    headers: { "content-type": "text/plain", "retry-after": "3" },
    body: `Historical transaction ${id.view}.${id.seqno} is not currently available.`,
  };
}
