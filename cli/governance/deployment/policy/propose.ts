import { setCleanRoomPolicy, type PolicyChange } from "../../../../client/deployment.js";
import { propose } from "../../../../client/governance/proposal.js";
import { command, flag, optional } from "../../../command.js";
import { CommandError, UsageError } from "../../../failure.js";
import { isObject, readJsonObject } from "../../../json.js";
import { asMember, governanceClient } from "../../../session.js";
import { contractId } from "../../contract/id.js";
import { allowAllPolicy } from "../allowAll.js";

export default command({
  description: "Proposes which clean rooms a contract lets in: claims that their attestation has to carry.",
  examples: [
    [
      "Propose the policy that was generated",
      "cleanroom governance deployment policy propose --policy-file deployments/cleanroom-governance-policy.json \\\n" +
        "    --contract-id collab1-ml --governance-client isv-client",
    ],
  ],
  options: {
    contractId,
    policyFile: optional("--policy-file <file>", 'the change of the policy: {"type": "add" or "remove", "claims": {...}} (JSON)'),
    allowAll: flag("--allow-all", "FOR TRIES: let in whatever runs under the policy that allows everything"),
    governanceClient,
  },
  run: async ({ contractId: id, policyFile, allowAll, governanceClient: client }, io) => {
    if ((policyFile === undefined) !== allowAll) throw new UsageError("give either --policy-file or --allow-all");
    const change = policyFile === undefined ? allowAllPolicy : await readPolicy(policyFile);
    return asMember(client, io, (session) => propose(session, [setCleanRoomPolicy(id, change)]));
  },
});

async function readPolicy(file: string): Promise<PolicyChange> {
  const change = await readJsonObject(file);
  if (change.type !== "add" && change.type !== "remove") throw new CommandError(`${file} lacks "type": "add" or "remove"`);
  if (!isObject(change.claims)) throw new CommandError(`${file} lacks "claims": an object`);
  return change as PolicyChange;
}
