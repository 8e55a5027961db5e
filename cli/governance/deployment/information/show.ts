import { getDeploymentInformation } from "../../../../client/deployment.js";
import { command } from "../../../command.js";
import { asMember, governanceClient } from "../../../session.js";
import { contractId } from "../../contract/id.js";

export default command({
  description: "Shows what the members agreed to tell about the deployment of a contract, and the open proposals of something else.",
  examples: [
    [
      "Where is the clean room?",
      "cleanroom governance deployment information show --contract-id collab1-ml --governance-client tdp-client --query data.url --output tsv",
    ],
  ],
  options: { contractId, governanceClient },
  run: ({ contractId: id, governanceClient: client }, io) => asMember(client, io, (session) => getDeploymentInformation(session, id)),
});
