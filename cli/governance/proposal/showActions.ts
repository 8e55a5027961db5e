import { getActions } from "../../../client/governance/proposal.js";
import { command, required } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Shows what a proposal would do: read this before you vote.",
  examples: [["Read a proposal", "cleanroom governance proposal show-actions --proposal-id $ID --governance-client tdp-client"]],
  options: { proposalId: required("--proposal-id <id>", "id of the proposal"), governanceClient },
  run: ({ proposalId, governanceClient: client }, io) => asMember(client, io, (session) => getActions(session, proposalId)),
});
