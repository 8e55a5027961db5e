import { vote } from "../../../client/governance/proposal.js";
import { command, oneOf, required } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Accepts or rejects a proposal.",
  examples: [["Accept a proposal", "cleanroom governance proposal vote --proposal-id $ID --action accept --governance-client tdp-client"]],
  options: {
    proposalId: required("--proposal-id <id>", "id of the proposal"),
    action: oneOf("--action <action>", "the vote", ["accept", "reject"]),
    governanceClient,
  },
  run: ({ proposalId, action, governanceClient: client }, io) => asMember(client, io, (session) => vote(session, proposalId, action)),
});
