import { listProposals } from "../../../client/governance/proposal.js";
import { command } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Lists the proposals that the service remembers: the open ones, and the one that was closed last.",
  examples: [
    [
      "What waits for votes",
      "cleanroom governance proposal list --governance-client tdp-client --query \"value[?proposalState=='Open'].proposalId\" --output tsv",
    ],
  ],
  options: { governanceClient },
  run: (values, io) => asMember(values.governanceClient, io, listProposals),
});
