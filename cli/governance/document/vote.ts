import { voteOnDocument } from "../../../client/documents.js";
import { command, oneOf, required } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Accepts or rejects a proposed document. The vote is cast only if the proposal is the one that proposes this document now.",
  examples: [
    [
      "Accept a document",
      "cleanroom governance document vote --id query1 --proposal-id $ID --action accept --governance-client tdp-client",
    ],
  ],
  options: {
    id: required("--id <id>", "id of the document"),
    proposalId: required("--proposal-id <id>", "id of the proposal that was read"),
    action: oneOf("--action <action>", "the vote", ["accept", "reject"]),
    governanceClient,
  },
  run: ({ id, proposalId, action, governanceClient: client }, io) =>
    asMember(client, io, (session) => voteOnDocument(session, id, proposalId, action)),
});
