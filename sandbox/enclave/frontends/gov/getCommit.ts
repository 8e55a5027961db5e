import type { GovernanceContext } from "../../gov/context.js";
import { json, type HttpResponse } from "../../http/message.js";

/** GET /service/transactions/commit: the last committed transaction. */
export const getCommit =
  ({ consensus }: GovernanceContext) =>
  (): HttpResponse => {
    const { view, seqno } = consensus.lastCommitted();
    return json(200, { status: consensus.statusOf(view, seqno), transactionId: `${view}.${seqno}` });
  };
