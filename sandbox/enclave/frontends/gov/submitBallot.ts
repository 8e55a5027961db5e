import type { SignedRequest } from "../../auth/cose.js";
import { parseBody } from "../../gov/body.js";
import type { GovernanceContext } from "../../gov/context.js";
import { memberName } from "../../gov/ids.js";
import { describeProposal, recordSignedMessage, requireProposal } from "../../gov/proposals.js";
import { resolveProposal } from "../../gov/resolution.js";
import { tables } from "../../gov/tables.js";
import { CcfError } from "../../http/errors.js";
import { json, type HttpResponse } from "../../http/message.js";
import type { EndpointCall } from "../endpoint.js";
import { requireSignedMemberId, requireSignedProposalId } from "./signedIds.js";

/**
 * POST /members/proposals/{proposalId}/ballots/{memberId}:submit: adds a ballot and resolves the proposal. The same ballot again
 * changes nothing.
 *
 * @throws CcfError InvalidResourceName, ProposalNotFound, ProposalNotOpen, InvalidInput, VoteAlreadyExists, InternalError
 */
export const submitBallot =
  (context: GovernanceContext) =>
  ({ params, tx }: EndpointCall, signer: SignedRequest): HttpResponse => {
    const id = requireSignedProposalId(params.proposalId, signer);
    const memberId = requireSignedMemberId(params.memberId, signer);
    const info = requireProposal(tx, id);
    if (info.state !== "Open") {
      const message = `Proposal ${id} is currently in state ${info.state.toLowerCase()} - only open proposals can receive votes`;
      throw new CcfError("ProposalNotOpen", message);
    }

    const ballot = ballotOf(signer.content);
    const earlier = info.ballots[memberId];
    if (earlier === ballot) return json(200, describeProposal(id, info));
    if (earlier !== undefined) {
      throw new CcfError("VoteAlreadyExists", `Different ballot already submitted by ${memberName(memberId)} for ${id}.`);
    }

    recordSignedMessage(tx, memberId, signer.envelope);
    const proposal = Buffer.from(tables(tx).proposals.get(id) ?? []).toString("utf8");
    const voted = { ...info, ballots: { ...info.ballots, [memberId]: ballot } };
    return json(200, describeProposal(id, resolveProposal(context, tx, id, proposal, voted)));
  };

function ballotOf(content: Uint8Array): string {
  const body = parseBody(content);
  const ballot = typeof body === "object" && body !== null && "ballot" in body ? body.ballot : undefined;
  if (typeof ballot === "string") return ballot;
  throw new CcfError("InvalidInput", 'Signed request body is not a JSON object containing required string field "ballot"');
}
