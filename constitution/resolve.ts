import { acceptedContracts } from "../src/kv/tables.js";
import { ccf } from "./ccf.js";
import { contractsProposedElsewhere } from "./proposals.js";
import { readProposal } from "./proposal.js";
import { type Resolution, type Vote, decide } from "./rules.js";
import { entries, memberInfos } from "./tables.js";

/*! CCF calls this when a proposal is made and after each vote, with the votes of all who have voted so far. */
export function resolve(proposal: string, proposerId: string, votes: readonly Vote[], proposalId: string): Resolution {
  const { actions, problems } = readProposal(proposal);
  if (problems.length > 0) return "Rejected";

  let elsewhere: ReadonlySet<unknown> | undefined;
  return decide({
    actions,
    proposerId,
    votes,
    members: entries(memberInfos).map(([id, info]) => ({ id, ...info })),
    memberIdOf: (pem) => ccf.pemToId(pem),
    isAcceptedContract: (id) => typeof id === "string" && acceptedContracts.has(id),
    isProposedElsewhere: (id) => (elsewhere ??= contractsProposedElsewhere(proposalId)).has(id),
  });
}
