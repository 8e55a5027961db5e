import { cloudOf } from "../cloud.js";
import { command, optional, required } from "../command.js";
import { readValue } from "../io.js";
import { hostDataIn } from "./keys/agreed.js";
import { placeKeks } from "./keys/wrap.js";
import { cleanroomConfig } from "./options.js";

export default command({
  description:
    "Makes the key encryption keys of a configuration for a policy that is given, without asking governance. wrap-deks does it by itself where " +
    "it has a client to ask.",
  examples: [
    [
      "Make the keys for the policy in a file",
      "cleanroom config create-kek --cleanroom-config ./tdp-config --contract-id collab1-ml --cleanroom-policy $(base64 -w0 policy.json)",
    ],
  ],
  options: {
    cleanroomConfig,
    contractId: required("--contract-id <id>", "id of the contract"),
    policy: required("--cleanroom-policy <base64>", "what `governance deployment policy show` prints, in base64; @FILE reads a file"),
    secretstoreConfig: optional("--secretstore-config <file>", "not needed: the configuration names its vaults itself"),
  },
  run: async ({ cleanroomConfig: config, contractId, policy }, io) => {
    const hostData = hostDataIn(await readValue(policy, io), contractId);
    const names = await placeKeks({ config, contractId, hostData, vaultAt: (await cloudOf(io)).vault });
    for (const name of names) io.note(`in its vault: ${name}`);
  },
});
