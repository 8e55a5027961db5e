import { requireId } from "../../gov/ids.js";
import { tables } from "../../gov/tables.js";
import { CcfError } from "../../http/errors.js";
import type { HttpResponse } from "../../http/message.js";
import type { EndpointCall } from "../endpoint.js";

/** GET /members/proposals/{proposalId}/actions: the proposal as submitted, byte for byte, without a content type. @throws CcfError */
export function getProposalActions({ params, tx }: EndpointCall): HttpResponse {
  const id = requireId(params.proposalId, "proposal");
  const body = tables(tx).proposals.get(id);
  if (!body) throw new CcfError("ProposalNotFound", `Could not find proposal ${id}.`);
  return { status: 200, headers: {}, body };
}
