import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { artefacts } from "../../cleanroom/deployment/artefacts.js";
import { getContract } from "../../client/contracts.js";
import { command, flag, maybeOneOf, optional, required } from "../command.js";
import { CommandError } from "../failure.js";
import { contractId } from "../governance/contract/id.js";
import { chosenClient, loadProfile } from "../profile.js";
import { governanceClient, withProfile } from "../session.js";
import { unlessMissing, writeTogether } from "../wholeFile.js";
import { planOf } from "./plan.js";
import { chosenPolicy, json, policyMaker, policyOptions } from "./policyOption.js";
import { readSidecars } from "./sidecars.js";
import { agreedSpecification } from "./specification.js";

export default command({
  description:
    "Writes what an accepted contract is deployed with: the template (cleanroom-arm-template.json), the policy that the hardware enforces " +
    "(cleanroom-policy.rego) with its input (cleanroom-policy-in.json), and the claims to propose (cleanroom-governance-policy.json). Anybody " +
    "who runs it on the same contract and service gets the same files.",
  examples: [
    [
      "Write the files for the local runner",
      "cleanroom governance deployment generate --contract-id collab1-ml --output-dir ./deployments --governance-client isv-client",
    ],
    [
      "Write the files for Azure, with a policy of its tools",
      "cleanroom governance deployment generate --contract-id collab1-ml --output-dir ./deployments --governance-client isv-client \\\n" +
        "    --security-policy-creation-option generate --sidecars ./sidecars.yaml",
    ],
  ],
  options: {
    contractId,
    outputDir: required("--output-dir <folder>", "folder for the files; made where it is missing"),
    securityPolicyCreationOption: maybeOneOf(
      "--security-policy-creation-option <option>",
      "how the policy is made: local (the default) for the local runner; generate by az confcom; allow-all FOR TRIES",
      policyOptions,
    ),
    allowAll: flag("--allow-all", "the same as --security-policy-creation-option allow-all"),
    sidecars: optional("--sidecars <file>", "the release of the sidecars: registry and digests; those of the local runner by default"),
    governanceClient,
  },
  run: async ({ contractId: id, outputDir, securityPolicyCreationOption, allowAll, sidecars: file, governanceClient: client }, io) => {
    const chosen = chosenPolicy(securityPolicyCreationOption, allowAll);
    await checkFolder(outputDir);
    const sidecars = await readSidecars(file);
    const profile = await loadProfile(await chosenClient(client, io), io);
    const specification = agreedSpecification(await withProfile(profile, (session) => getContract(session, id), io.env), chosen, io);
    const plan = planOf({ contractId: id, ccfEndpoint: profile.ccfEndpoint, serviceCertificate: profile.serviceCert, specification });
    const made = await artefacts(plan, sidecars, policyMaker(chosen, sidecars, io));
    await mkdir(outputDir, { recursive: true });
    await writeTogether([
      { file: join(outputDir, "cleanroom-policy-in.json"), content: json(made.input) },
      { file: join(outputDir, "cleanroom-policy.rego"), content: made.policy },
      { file: join(outputDir, "cleanroom-arm-template.json"), content: json(made.template) },
      { file: join(outputDir, "cleanroom-governance-policy.json"), content: json(made.governancePolicy) },
    ]);
    io.note(`Host data of the policy: ${made.hostData}`);
  },
});

/** Before any work: it is made only when there is something to write. */
async function checkFolder(folder: string): Promise<void> {
  const found = await unlessMissing(stat(folder));
  if (found && !found.isDirectory()) throw new CommandError(`${folder} is no folder`);
}
