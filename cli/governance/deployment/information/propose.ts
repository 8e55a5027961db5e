import { setDeploymentInformation } from "../../../../client/deployment.js";
import { propose } from "../../../../client/governance/proposal.js";
import { command, required } from "../../../command.js";
import { objectOrFile } from "../../../json.js";
import { asMember, governanceClient } from "../../../session.js";
import { contractId } from "../../contract/id.js";

export default command({
  description: "Proposes what everybody is told about the deployment of a contract: its address, say.",
  examples: [
    [
      "Tell where the clean room is",
      "cleanroom governance deployment information propose --contract-id collab1-ml --governance-client isv-client \\\n" +
        `    --deployment-information '{"url": "https://cleanroom.example:8200"}'`,
    ],
  ],
  options: {
    contractId,
    information: required("--deployment-information <json>", "a JSON object, or a file that holds one"),
    governanceClient,
  },
  run: async ({ contractId: id, information, governanceClient: client }, io) => {
    const data = await objectOrFile("--deployment-information", information);
    return asMember(client, io, (session) => propose(session, [setDeploymentInformation(id, data)]));
  },
});
