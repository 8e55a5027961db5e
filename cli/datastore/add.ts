import { cloudOf } from "../cloud.js";
import { command, oneOf, optional, required } from "../command.js";
import { encryptionModes } from "../config/model.js";
import { checkedName } from "../config/options.js";
import { enterDatastore } from "../config/place.js";
import { datastoreTypes } from "../config/stores.js";

export default command({
  description:
    "Describes a place for data: makes a key for it in a local secret store, and the container. A key and a container that are there are kept.",
  examples: [
    [
      "Keep data encrypted in a container",
      "cleanroom datastore add --name cowin --config ./datastores --secretstore local-keys --secretstore-config ./secretstores " +
        "--encryption-mode CSE --backingstore-type Azure_BlobStorage --backingstore-id /subscriptions/.../storageAccounts/tdpsa01",
    ],
  ],
  options: {
    name: required("--datastore-name, --name <name>", "name of the datastore"),
    config: required("--datastore-config, --config <file>", "where datastores are described; made where it is missing"),
    secretstore: required("--datastore-secretstore, --secretstore <name>", "local secret store for the key of the data"),
    secretstoreConfig: required("--secretstore-config <file>", "where the secret stores are described"),
    encryptionMode: oneOf("--encryption-mode <mode>", "who encrypts the data", encryptionModes),
    type: oneOf("--backingstore-type <type>", "what holds the data", datastoreTypes),
    id: required("--backingstore-id <id>", "resource id or URL of the storage account"),
    container: optional("--container-name <name>", "container in the storage account (default: the name)"),
  },
  run: async ({ config, id, ...values }, io) => {
    const name = checkedName(values.name, "--name");
    const cloud = await cloudOf(io);
    await enterDatastore(
      config,
      {
        name,
        secretstore_config: values.secretstoreConfig,
        secretstore_name: values.secretstore,
        encryptionMode: values.encryptionMode,
        storeType: values.type,
        storeProviderUrl: values.type === "Azure_BlobStorage" ? cloud.blobEndpointOf(id) : id,
        storeName: values.container ?? name,
      },
      cloud,
    );
  },
});
