import { command } from "../command.js";
import { harmless } from "../../cleanroom/harmless.js";
import { asMember, governanceClient } from "../session.js";
import { table } from "../table.js";
import { collectStatus, type ContractRow, type ProposalRow, type Status } from "./collect.js";

export default command({
  description:
    "Shows at a glance what matters to a member: the contracts with their state and what they may do now, and the open proposals that " +
    "wait for this member's vote.",
  examples: [
    ["See what there is to do", "cleanroom status --governance-client tdp-client"],
    [
      "The proposals to vote on, for a script",
      'cleanroom status --governance-client tdp-client --query "awaitingVote[].proposalId" --output tsv',
    ],
  ],
  options: { governanceClient },
  text,
  run: (values, io) => asMember(values.governanceClient, io, collectStatus),
});

function text({ service, member, contracts, awaitingVote, notKnown }: Status): string {
  return [
    `Service   ${service.endpoint} (${service.status})`,
    `Member    ${harmless(member.identifier ?? member.memberId)} (${member.status})`,
    "",
    contracts ? contractsText(contracts) : `Contracts: not known: ${notKnown?.contracts ?? ""}.\n`,
    awaitingVote
      ? proposalsText(awaitingVote)
      : `Proposals that wait for this member's vote: not known: ${notKnown?.awaitingVote ?? ""}.\n`,
  ].join("\n");
}

function contractsText(contracts: readonly ContractRow[]): string {
  return contracts.length === 0 ? "No contracts.\n" : `Contracts\n\n${table(contracts)}`;
}

function proposalsText(awaitingVote: readonly ProposalRow[]): string {
  const rows = awaitingVote.map(({ proposalId, actions, about, proposer, ballots }) => ({
    proposalId,
    actions: actions.join(" "),
    about: about.join(" "),
    proposer,
    ballots,
  }));
  return rows.length === 0 ? "No proposal waits for this member's vote.\n" : `Waiting for this member's vote\n\n${table(rows)}`;
}
