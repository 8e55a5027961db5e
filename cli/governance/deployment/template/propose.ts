import { setDeploymentTemplate } from "../../../../client/deployment.js";
import { propose } from "../../../../client/governance/proposal.js";
import { command, required } from "../../../command.js";
import { readJsonObject } from "../../../json.js";
import { asMember, governanceClient } from "../../../session.js";
import { contractId } from "../../contract/id.js";

export default command({
  description: "Proposes what is to be deployed for a contract.",
  examples: [
    [
      "Propose the template that was generated",
      "cleanroom governance deployment template propose --template-file deployments/cleanroom-arm-template.json \\\n" +
        "    --contract-id collab1-ml --governance-client isv-client",
    ],
  ],
  options: { contractId, templateFile: required("--template-file <file>", "the deployment template (JSON)"), governanceClient },
  run: async ({ contractId: id, templateFile, governanceClient: client }, io) => {
    const template = await readJsonObject(templateFile);
    return asMember(client, io, (session) => propose(session, [setDeploymentTemplate(id, template)]));
  },
});
