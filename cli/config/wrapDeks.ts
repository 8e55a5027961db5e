import { cloudOf } from "../cloud.js";
import { command, optional, required } from "../command.js";
import { agreedHostData, maybeClient } from "./keys/agreed.js";
import { wrapDeks } from "./keys/wrap.js";
import type { AccessPoint } from "./model.js";
import { cleanroomConfig } from "./options.js";
import { datastores, dekFileIn, dekFileOfDatastore, oneIn, secretStores } from "./stores.js";

export default command({
  description:
    "Wraps the keys of all data of a party and puts them into its vault, for the clean rooms of one contract. The key encryption key is made " +
    "when the policy of the clean room is agreed, and its vault releases it to a clean room of that policy alone. What is in the vault already " +
    "is not imported again.",
  examples: [
    [
      "Give the clean room its keys",
      "cleanroom config wrap-deks --contract-id collab1-ml --cleanroom-config ./tdp-config --governance-client tdp-client",
    ],
  ],
  options: {
    cleanroomConfig,
    contractId: required("--contract-id <id>", "id of the contract"),
    governanceClient: maybeClient,
    datastoreConfig: optional("--datastore-config <file>", "where datastores are described, for keys that FILE.private does not list"),
    secretstoreConfig: optional("--secretstore-config <file>", "where their secret stores are described"),
  },
  run: async ({ cleanroomConfig: config, contractId, governanceClient, datastoreConfig, secretstoreConfig }, io) => {
    const hostData = await agreedHostData(governanceClient, contractId, io);
    const cloud = await cloudOf(io);
    const otherwise = async ({ store }: AccessPoint): Promise<string | undefined> => {
      if (datastoreConfig === undefined) return undefined;
      const datastore = await oneIn(datastores, datastoreConfig, store.id);
      return secretstoreConfig === undefined
        ? dekFileOfDatastore(datastore)
        : dekFileIn(await oneIn(secretStores, secretstoreConfig, datastore.secretstore_name), datastore.name);
    };
    const secrets = await wrapDeks({ config, contractId, hostData, vaultAt: cloud.vault }, otherwise);
    for (const secret of secrets) io.note(`wrapped: ${secret}`);
    if (secrets.length === 0) io.note(`${config} has no data with keys: nothing was wrapped`);
  },
});
