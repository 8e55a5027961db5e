import { memberName, requireId } from "../../gov/ids.js";
import { tables } from "../../gov/tables.js";
import { CcfError } from "../../http/errors.js";
import type { HttpResponse } from "../../http/message.js";
import type { EndpointCall } from "../endpoint.js";

/** GET /members/proposals/{proposalId}/ballots/{memberId}. @throws CcfError InvalidResourceName, ProposalNotFound, VoteNotFound */
export function getBallot({ params, tx }: EndpointCall): HttpResponse {
  const id = requireId(params.proposalId, "proposal");
  const memberId = requireId(params.memberId, "member");
  const info = tables(tx).proposalsInfo.get(id);
  if (!info) throw new CcfError("ProposalNotFound", `Proposal ${id} does not exist.`);
  const body = info.ballots[memberId];
  if (body === undefined) throw new CcfError("VoteNotFound", `Member ${memberName(memberId)} has not voted for proposal ${id}.`);
  return { status: 200, headers: { "content-type": "text/javascript" }, body };
}
