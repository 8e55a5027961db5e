import { acceptedContracts, acceptedDocuments, serviceOptions } from "../src/kv/tables.js";
import { ccf } from "./ccf.js";
import { openlyProposed } from "./proposals.js";
import { readProposal } from "./proposal.js";
import { type Resolution, type Vote, decide } from "./rules.js";
import { nameOf, subjectOf } from "./subjects.js";
import { entries, memberInfos } from "./tables.js";

/*! CCF calls this when a proposal is made and after each vote, with the votes of all who have voted so far. */
export function resolve(proposal: string, proposerId: string, votes: readonly Vote[], proposalId: string): Resolution {
  const { actions, problems } = readProposal(proposal);
  if (problems.length > 0) return "Rejected";

  let elsewhere: ReadonlySet<string> | undefined;
  return decide({
    actions,
    proposerId,
    votes,
    members: entries(memberInfos).map(([id, info]) => ({ id, ...info })),
    memberIdOf: (pem) => ccf.pemToId(pem),
    isAccepted: ({ kind, id }) => typeof id === "string" && (kind === "contract" ? acceptedContracts : acceptedDocuments).has(id),
    isProposedElsewhere: (subject) =>
      (elsewhere ??= openlyProposed(
        actions.map(subjectOf).map((one) => one?.id),
        proposalId,
      )).has(nameOf(subject)),
    isEnabled: (option) => serviceOptions.get(option)?.status === "enabled",
  });
}
