import { handler } from "../http/handler.js";
import { linkTo } from "../http/link.js";
import { ledgerPage, rangeOf } from "../http/range.js";
import { proposalsInfo } from "../kv/ccfTables.js";
import { keysOf } from "../kv/rows.js";
import { HistoricalQuery, ProposalHistory, ProposalPath } from "../model/proposal.js";

/**
 * CCF deletes a closed proposal when another one closes, whose own row that transaction writes and the next such deletes: so what is
 * gone was not written after everything that is there.
 */
function lastWriteOf(proposalId: string): number {
  const own = proposalsInfo.seqnoOf(proposalId);
  if (own !== undefined) return own;
  return Math.max(0, ...keysOf(proposalsInfo).map((id) => proposalsInfo.seqnoOf(id) ?? 0));
}

/**
 * GET /proposals/{proposalId}/historical: the states that a proposal was in, from the ledger: also those of one that CCF has deleted.
 *
 * One entry for each transaction of the range that wrote the state of the proposal or a vote on it.
 *
 * @throws InvalidInput (400)
 */
export const getProposalHistory = handler(
  { params: ProposalPath, query: HistoricalQuery, returns: ProposalHistory, pending: true, callers: ["member_cert", "user_cert"] },
  ({ params: { proposalId }, query, caller }) =>
    ledgerPage(
      rangeOf(query),
      { table: proposalsInfo, key: proposalId, lastWrite: lastWriteOf(proposalId) },
      caller.id,
      ({ state }, seqno) => ({ seqno, proposalId, proposalState: state }),
      (range) => linkTo(`/app/proposals/${proposalId}/historical`, range),
    ),
);
