import type { SignedRequest } from "../../auth/cose.js";
import { memberName } from "../../gov/ids.js";
import { describeProposal, recordSignedMessage, removeOtherClosedProposals } from "../../gov/proposals.js";
import { tables, type ProposalInfo } from "../../gov/tables.js";
import { CcfError } from "../../http/errors.js";
import { json, type HttpResponse } from "../../http/message.js";
import type { EndpointCall } from "../endpoint.js";
import { requireSignedProposalId } from "./signedIds.js";

/**
 * POST /members/proposals/{proposalId}:withdraw: by the proposer, while the proposal is open. Repeating it does no harm, and since a
 * withdrawn proposal is forgotten at some time, an unknown one is answered with 204.
 *
 * @throws CcfError InvalidResourceName, AuthorizationFailed, ProposalNotOpen
 */
export function withdrawProposal({ params, tx }: EndpointCall, signer: SignedRequest): HttpResponse {
  const id = requireSignedProposalId(params.proposalId, signer);
  const { proposalsInfo } = tables(tx);
  const info = proposalsInfo.get(id);
  if (!info) return { status: 204, headers: {} };

  const { memberId } = signer;
  if (memberId !== info.proposer_id) {
    const message = `Proposal ${id} can only be withdrawn by proposer ${memberName(info.proposer_id)}, not caller ${memberName(memberId)}.`;
    throw new CcfError("AuthorizationFailed", message);
  }
  if (info.state === "Withdrawn") return json(200, describeProposal(id, info));
  if (info.state !== "Open") {
    throw new CcfError("ProposalNotOpen", `Proposal ${id} is currently in state ${info.state.toLowerCase()} and cannot be withdrawn.`);
  }
  const withdrawn: ProposalInfo = { ...info, state: "Withdrawn" };
  proposalsInfo.set(id, withdrawn);
  removeOtherClosedProposals(tx, id);
  recordSignedMessage(tx, memberId, signer.envelope);
  return json(200, describeProposal(id, withdrawn));
}
