import { CcfError } from "../http/errors.js";
import type { Transaction } from "../kv/transaction.js";
import { tables, type ProposalInfo } from "./tables.js";

/** A proposal as the API shows it. */
export function describeProposal(id: string, info: ProposalInfo): Readonly<Record<string, unknown>> {
  return {
    ballotCount: Object.keys(info.ballots).length,
    ...(info.final_votes && { finalVotes: info.final_votes }),
    proposalId: id,
    proposalState: info.state,
    proposerId: info.proposer_id,
    ...(info.vote_failures && { voteFailures: info.vote_failures }),
  };
}

/** @throws CcfError ProposalNotFound */
export function requireProposal(tx: Transaction, id: string): ProposalInfo {
  const info = tables(tx).proposalsInfo.get(id);
  if (!info) throw new CcfError("ProposalNotFound", `Could not find proposal ${id}.`);
  return info;
}

/** A closed proposal stays readable until the next one closes. */
export function removeOtherClosedProposals(tx: Transaction, keep: string): void {
  const { proposals, proposalsInfo } = tables(tx);
  for (const [id, { state }] of proposalsInfo.entries()) {
    if (id === keep || state === "Open") continue;
    proposals.delete(id);
    proposalsInfo.delete(id);
  }
}

/** Keeps the member's signed message in the ledger, for auditors. */
export function recordSignedMessage(tx: Transaction, memberId: string, envelope: Uint8Array): void {
  tables(tx).coseHistory.set(memberId, Buffer.from(envelope).toString("base64"));
}
