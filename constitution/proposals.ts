import { readProposal } from "./proposal.js";
import { nameOf, subjectOf } from "./subjects.js";
import { entries, proposalInfos, proposals } from "./tables.js";

const otherOpenProposals = (proposalId?: string) =>
  entries(proposalInfos).filter(([id, { state }]) => id !== proposalId && state === "Open");

/*! After a change of the rules, or of the code that runs the network, members must not be held to votes they cast before it. */
export function dropOtherOpenProposals(proposalId: string): void {
  for (const [id, info] of otherOpenProposals(proposalId)) proposalInfos.set(id, { ...info, state: "Dropped" });
}

/*! Names of the contracts and documents that open proposals are about, but one proposal. All are parsed for it: ask only where it matters. */
export function openlyProposed(except?: string): Set<string> {
  const actions = otherOpenProposals(except).flatMap(([id]) => readProposal(proposals.get(id) ?? "").actions);
  const subjects = actions.map(subjectOf).filter((subject) => subject !== undefined);
  return new Set(subjects.map(nameOf));
}

/*! How all who voted did: CCF writes it down before it applies a proposal. */
export const finalVotes = (proposalId: string): Record<string, boolean> => proposalInfos.get(proposalId)?.final_votes ?? {};
