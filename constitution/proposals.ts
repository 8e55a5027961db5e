import { readProposal } from "./proposal.js";
import { nameOf, subjectOf } from "./subjects.js";
import { entries, proposalInfos, proposals } from "./tables.js";

const otherOpenProposals = (proposalId?: string) =>
  entries(proposalInfos).filter(([id, { state }]) => id !== proposalId && state === "Open");

/** Each proposal is applied in an interpreter of its own; many actions of it may want others dropped. */
let dropped: string | undefined;

/*! After a change of the rules, or of the code that runs the network, members must not be held to votes they cast before it. */
export function dropOtherOpenProposals(proposalId: string): void {
  if (dropped === proposalId) return;
  dropped = proposalId;
  for (const [id, info] of otherOpenProposals(proposalId)) proposalInfos.set(id, { ...info, state: "Dropped" });
}

/*! Nobody else could withdraw them, and each contract is proposed once at a time. */
export function dropProposalsOf(memberId: string, except: string): void {
  for (const [id, info] of otherOpenProposals(except))
    if (info.proposer_id === memberId) proposalInfos.set(id, { ...info, state: "Dropped" });
}

/** How many other open proposals a member has made. */
export const openlyProposedBy = (memberId: string, except: string): number =>
  otherOpenProposals(except).filter(([, info]) => info.proposer_id === memberId).length;

/**
 * Names of the contracts and documents that open proposals are about, but one proposal. A text in which none of
 * the words stands (ids in question, or an action), nor an escape that could spell one, is not parsed: it may be long.
 */
export function openlyProposed(words: readonly unknown[], except?: string): Set<string> {
  const texts = otherOpenProposals(except).map(([id]) => proposals.get(id) ?? "");
  const named = texts.filter((text) => text.includes("\\u") || words.some((word) => text.includes(String(word))));
  const actions = named.flatMap((text) => readProposal(text).actions);
  const subjects = actions.map(subjectOf).filter((subject) => subject !== undefined);
  return new Set(subjects.map(nameOf));
}

/** How all who voted did: CCF writes it down before it applies a proposal. */
export const finalVotes = (proposalId: string): Record<string, boolean> => proposalInfos.get(proposalId)?.final_votes ?? {};
