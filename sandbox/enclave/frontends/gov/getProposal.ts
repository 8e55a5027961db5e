import { requireId } from "../../gov/ids.js";
import { describeProposal, requireProposal } from "../../gov/proposals.js";
import { json, type HttpResponse } from "../../http/message.js";
import type { EndpointCall } from "../endpoint.js";

/** GET /members/proposals/{proposalId}. @throws CcfError InvalidResourceName, ProposalNotFound */
export function getProposal({ params, tx }: EndpointCall): HttpResponse {
  const id = requireId(params.proposalId, "proposal");
  return json(200, describeProposal(id, requireProposal(tx, id)));
}
