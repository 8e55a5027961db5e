import { acceptedContracts, acceptedDocuments, serviceOptions } from "../src/kv/tables.js";
import { ccf } from "./ccf.js";
import { isElector } from "./electorate.js";
import { openlyProposed, openlyProposedBy } from "./proposals.js";
import { readProposal } from "./proposal.js";
import { type Resolution, type Vote, decide } from "./rules.js";
import { nameOf, subjectOf } from "./subjects.js";
import { entries, memberInfos } from "./tables.js";

/*! Open proposals of a member without a vote: each costs all others time. */
const MAX_OPEN = 32;

/*! CCF calls this when a proposal is made and after each vote, with the votes of all who have voted so far. */
export function resolve(proposal: string, proposerId: string, votes: readonly Vote[], proposalId: string): Resolution {
  const { actions, problems } = readProposal(proposal);
  if (problems.length > 0) return "Rejected";

  let elsewhere: ReadonlySet<string> | undefined;
  const members = entries(memberInfos).map(([id, info]) => ({ id, ...info }));
  const decision = decide({
    actions,
    proposerId,
    votes,
    members,
    memberIdOf: (pem) => ccf.pemToId(pem),
    isAccepted: ({ kind, id }) => typeof id === "string" && (kind === "contract" ? acceptedContracts : acceptedDocuments).has(id),
    isProposedElsewhere: (subject) =>
      (elsewhere ??= openlyProposed(
        actions.map(subjectOf).map((one) => one?.id),
        proposalId,
      )).has(nameOf(subject)),
    isEnabled: (option) => serviceOptions.get(option)?.status === "enabled",
  });
  if (decision !== "Open" || members.some((member) => member.id === proposerId && isElector(member))) return decision;
  return openlyProposedBy(proposerId, proposalId) < MAX_OPEN ? "Open" : "Rejected";
}
