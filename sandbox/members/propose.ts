import { X509Certificate } from "node:crypto";
import { certificateId } from "../enclave/auth/certificates.js";
import type { Action, Ballot, Chamber, Proposal, ProposeOptions } from "../governance.js";
import type { Identity } from "../identity.js";
import { sendSigned } from "./signed.js";

const IN_FAVOUR = "export function vote (proposal, proposerId) { return true }";

/** See `Governance.propose`. */
export async function propose(chamber: Chamber, actions: readonly Action[], { by, votes = [] }: ProposeOptions): Promise<Proposal> {
  const created = await sendSigned(chamber, by, "/members/proposals:create", { type: "proposal", payload: { actions } });
  let proposal = created.json() as Proposal;
  for (const vote of votes) {
    if (proposal.proposalState !== "Open") break;
    proposal = await castVote(chamber, proposal.proposalId, vote);
  }
  return proposal;
}

/** See `Governance.vote`. */
export async function castVote(chamber: Chamber, proposalId: string, vote: Identity | Ballot): Promise<Proposal> {
  const { by, ballot } = "ballot" in vote ? vote : { by: vote, ballot: IN_FAVOUR };
  const memberId = memberIdOf(by);
  const path = `/members/proposals/${proposalId}/ballots/${memberId}:submit`;
  return (await sendSigned(chamber, by, path, { type: "ballot", proposalId, payload: { ballot } })).json() as Proposal;
}

export const memberIdOf = ({ certificate }: Identity): string => certificateId(new X509Certificate(certificate).raw);
