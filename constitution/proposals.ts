import { own } from "../src/encoding/own.js";
import { readProposal } from "./proposal.js";
import { entries, proposalInfos, proposals } from "./tables.js";

const otherOpenProposals = (proposalId: string) =>
  entries(proposalInfos).filter(([id, { state }]) => id !== proposalId && state === "Open");

/*! After a change of the rules, or of the code that runs the network, members must not be held to votes they cast before it. */
export function dropOtherOpenProposals(proposalId: string): void {
  for (const [id, info] of otherOpenProposals(proposalId)) proposalInfos.set(id, { ...info, state: "Dropped" });
}

/*! The contracts that other open proposals are about. */
export function contractsProposedElsewhere(proposalId: string): Set<unknown> {
  const actions = otherOpenProposals(proposalId).flatMap(([id]) => readProposal(proposals.get(id) ?? "").actions);
  return new Set(actions.filter(({ name }) => name === "set_contract").map(({ args }) => own(args, "contractId")));
}

/*! How all who voted did: CCF writes it down before it applies a proposal. */
export const finalVotes = (proposalId: string): Record<string, boolean> => proposalInfos.get(proposalId)?.final_votes ?? {};
