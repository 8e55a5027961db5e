import { voteOnContract } from "../../../client/contracts.js";
import { command, oneOf, required } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Accepts or rejects a proposed contract. The vote is cast only if the proposal is the one that proposes this contract now.",
  examples: [
    [
      "Accept a contract",
      "cleanroom governance contract vote --id collab1-ml --proposal-id $ID --action accept --governance-client tdp-client",
    ],
  ],
  options: {
    id: required("--id <id>", "id of the contract"),
    proposalId: required("--proposal-id <id>", "id of the proposal that was read"),
    action: oneOf("--action <action>", "the vote", ["accept", "reject"]),
    governanceClient,
  },
  run: ({ id, proposalId, action, governanceClient: client }, io) =>
    asMember(client, io, (session) => voteOnContract(session, id, proposalId, action)),
});
