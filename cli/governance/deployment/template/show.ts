import { getDeploymentTemplate } from "../../../../client/deployment.js";
import { command } from "../../../command.js";
import { asMember, governanceClient } from "../../../session.js";
import { contractId } from "../../contract/id.js";

export default command({
  description: "Shows what the members agreed to deploy for a contract, and the open proposals of something else.",
  examples: [
    [
      "The template that was agreed on",
      "cleanroom governance deployment template show --contract-id collab1-ml --query data --governance-client isv-client > template.json",
    ],
  ],
  options: { contractId, governanceClient },
  run: ({ contractId: id, governanceClient: client }, io) => asMember(client, io, (session) => getDeploymentTemplate(session, id)),
});
