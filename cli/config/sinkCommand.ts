import { createHash } from "node:crypto";
import { basename, resolve } from "node:path";
import { cloudOf, type Cloud } from "../cloud.js";
import { command, maybeOneOf, optional, required, type Command, type Values } from "../command.js";
import { addPoint, given } from "./addAccessPoint.js";
import { encryptionModes } from "./model.js";
import { withTelemetry } from "./model/accessPoints.js";
import { cleanroomConfig } from "./options.js";
import { enterDatastore, placeInAccount, placeInDatastore, type Place } from "./place.js";
import type { Datastore } from "./stores.js";

const options = {
  cleanroomConfig,
  storageAccount: required("--storage-account <id>", "resource id or URL of the storage account"),
  identity: required(
    "--identity <id>",
    "who the clean room is towards the store: id of a managed identity, or a name in the configuration",
  ),
  dekKeyVault: optional("--dek-key-vault <id>", "resource id or URL of the vault for the wrapped key"),
  containerName: optional("--container-name <name>", "container in the storage account"),
  containerSuffix: optional("--container-suffix <text>", "with a datastore: what comes last in the name of the container"),
  encryptionMode: maybeOneOf("--encryption-mode <mode>", "who encrypts the data (default: CSE, the client)", encryptionModes),
  datastoreConfig: optional("--datastore-config <file>", "instead of --dek-key-vault: describe the store here as a datastore"),
  datastoreSecretStore: optional("--datastore-secret-store <name>", "local secret store for the key of the data"),
  secretstoreConfig: optional("--secretstore-config <file>", "where the secret stores are described"),
  dekSecretStore: optional("--dek-secret-store, --dek-secret-store-name <name>", "secret store for the wrapped key"),
  kekSecretStore: optional("--kek-secret-store, --kek-secret-store-name <name>", "secret store that releases the key encryption key"),
  kekName: optional("--kek-name <name>", "name of the key encryption key; {contractId} in it stands for the id of the contract"),
};

const told = {
  application: "what the applications write to their output",
  infrastructure: "metrics, traces and logs of the clean room itself",
} as const;

/** A command that names the datasink for one kind of telemetry. The party that gives it holds the key, and decides who sees it. */
export function sinkCommand(kind: keyof typeof told, word: "set-logging" | "set-telemetry"): Command {
  const name = `${kind}-telemetry`;
  return command({
    description: `Adds the datasink ${name}, which takes ${told[kind]}. Its key stays with this party.`,
    examples: [
      [
        "Take it to a storage account",
        `cleanroom config ${word} --cleanroom-config ./tdp-config --storage-account /subscriptions/.../storageAccounts/tdpsa01 ` +
          "--identity /subscriptions/.../userAssignedIdentities/tdpmi --dek-key-vault /subscriptions/.../vaults/tdpvault01",
      ],
    ],
    options,
    run: async (values, io) => {
      const { cleanroomConfig: file, identity } = values;
      const cloud = await cloudOf(io);
      const place = await placeOf(values, name, cloud);
      await addPoint(
        { file, kind: "datasink", name, identity, place, also: (config, sink) => withTelemetry(config, kind, sink) },
        cloud,
        io,
      );
    },
  });
}

async function placeOf(values: Values<typeof options>, name: string, cloud: Cloud): Promise<Place> {
  const { cleanroomConfig: file, storageAccount, encryptionMode: mode = "CSE", containerName, containerSuffix, kekName } = values;
  if (values.datastoreConfig === undefined) {
    const dekKeyVault = given(values.dekKeyVault, "--dek-key-vault (or --datastore-config)", "--storage-account");
    return placeInAccount(file, name, { storageAccount, containerName, dekKeyVault, mode }, cloud);
  }
  const need = (value: string | undefined, option: string): string => given(value, option, "--datastore-config");
  const { datastoreConfig } = values;
  const secretstoreConfig = need(values.secretstoreConfig, "--secretstore-config");
  const ownName = datastoreNameFor(name, file);
  const datastore: Datastore = {
    name: ownName,
    secretstore_config: secretstoreConfig,
    secretstore_name: need(values.datastoreSecretStore, "--datastore-secret-store"),
    encryptionMode: mode,
    storeType: "Azure_BlobStorage",
    storeProviderUrl: cloud.blobEndpointOf(storageAccount),
    storeName: containerName ?? (containerSuffix === undefined ? ownName : `${name}-${containerSuffix}`),
  };
  const place = await placeInDatastore(file, datastore, {
    secretstoreConfig,
    dekSecretStore: need(values.dekSecretStore, "--dek-secret-store"),
    kekSecretStore: need(values.kekSecretStore, "--kek-secret-store"),
    kekName,
  });
  const prepare = async (): Promise<string | undefined> => {
    await enterDatastore(datastoreConfig, datastore, cloud);
    return place.prepare();
  };
  return { ...place, prepare };
}

/** The same for the same configuration, another for each: also the name of a container, of at most 63 characters. */
function datastoreNameFor(name: string, config: string): string {
  const mark = createHash("sha256").update(resolve(config)).digest("hex").slice(0, 8);
  const words = basename(config)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-");
  return `${name}-${mark}-${words}`.slice(0, 63).replace(/-+$/, "");
}
