import { command, optional } from "../command.js";
import { contractId } from "../governance/contract/id.js";
import { readJsonObject } from "../json.js";
import { governanceClient } from "../session.js";
import { requireAgreed } from "./agreement.js";

export default command({
  description:
    "Compares a template with what the members agreed on: the host data of its policy, recomputed, with the clean room policy; itself with " +
    "the agreed template; and, where the policy is for the local runner, its containers with those that the policy allows. What differs is " +
    "told, and the exit status is 1.",
  examples: [
    [
      "Before a deployment",
      "cleanroom governance deployment verify --contract-id collab1-ml --template-file ./aci-deployment-template.json \\\n" +
        "    --governance-client tdp-client",
    ],
    [
      "Does what was agreed on fit together?",
      "cleanroom governance deployment verify --contract-id collab1-ml --governance-client tdp-client",
    ],
  ],
  options: {
    contractId,
    templateFile: optional("--template-file <file>", "the template (JSON); by default the one that is agreed on"),
    governanceClient,
  },
  run: async ({ contractId: id, templateFile, governanceClient: client }, io) => {
    const given = templateFile === undefined ? undefined : await readJsonObject(templateFile);
    const verdict = await requireAgreed(id, given, templateFile, client, io);
    return { contractId: id, hostData: verdict.hostData, policy: verdict.policy, verified: true };
  },
});
