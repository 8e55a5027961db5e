import type { Cloud } from "../cloud.js";
import { CommandError, UsageError } from "../failure.js";
import { newKekName, vaultName } from "./keys/kek.js";
import { dekFileOf, makeDek } from "./keys/private.js";
import { authorityOf, nameUnder, readConfig, type EncryptionMode, type Kek } from "./model.js";
import type { Described } from "./model/accessPoint.js";
import { addTo, datastores, dekFileOfDatastore, oneIn, secretStores, type Datastore, type SecretStore } from "./stores.js";

/** Where data lies, where its keys will, and which file has its data encryption key. */
export type Place = Pick<Described, "store" | "mode" | "dek" | "kek"> & {
  /** What the configuration has from now on as the party's key encryption key. */
  readonly ownKek: Kek;
  /** Makes what has to be there, and says where the data encryption key is; undefined where the store encrypts with keys of its own. */
  readonly prepare: () => Promise<string | undefined>;
};

/** A container of a storage account. */
export type InAccount = {
  readonly storageAccount: string;
  readonly containerName: string | undefined;
  readonly dekKeyVault: string;
  readonly mode: EncryptionMode;
};

/** @throws CommandError */
export async function placeInAccount(config: string, name: string, chosen: InAccount, cloud: Cloud): Promise<Place> {
  const { kek } = await readConfig(config);
  if (!kek) throw new CommandError(`${config} has no key encryption key yet: call config set-kek --cleanroom-config ${config} before`);
  const url = cloud.blobEndpointOf(chosen.storageAccount);
  const container = containerName(chosen.containerName ?? name);
  const { mode } = chosen;
  return {
    store: { name: container, type: "Azure_BlobStorage", id: name, url },
    mode,
    dek: secretFor(name, kek.name, (secret) => secret, cloud.vaultEndpointOf(chosen.dekKeyVault)),
    kek: { ...kek, storeId: kek.name },
    ownKek: kek,
    prepare: async () => {
      await cloud.blobs(url).createContainer(container);
      if (mode === "SSE") return undefined;
      const file = dekFileOf(config, name);
      await makeDek(file);
      return file;
    },
  };
}

/** Which secret stores have the keys of a datastore. */
export type KeyStores = {
  readonly secretstoreConfig: string;
  readonly dekSecretStore: string;
  readonly kekSecretStore: string;
  readonly kekName: string | undefined;
};

/** @throws CommandError */
export async function placeInDatastore(config: string, datastore: Datastore, chosen: KeyStores): Promise<Place> {
  const { kek } = await readConfig(config);
  const dekStore = supporting("Secret", await oneIn(secretStores, chosen.secretstoreConfig, chosen.dekSecretStore));
  const kekStore = supporting("Key", await oneIn(secretStores, chosen.secretstoreConfig, chosen.kekSecretStore));
  const name = chosen.kekName ?? kek?.name ?? newKekName();
  const own = { name, vaultUrl: kekStore.storeProviderUrl, maaUrl: authorityOf(kekStore.configuration) };
  return {
    store: { name: datastore.storeName, type: datastore.storeType, id: datastore.name, url: datastore.storeProviderUrl },
    mode: datastore.encryptionMode,
    dek: secretFor(datastore.name, name, () => dekStore.name, dekStore.storeProviderUrl),
    kek: { ...own, storeId: kekStore.name },
    ownKek: kek ?? own,
    prepare: () => (datastore.encryptionMode === "SSE" ? Promise.resolve(undefined) : dekFileOfDatastore(datastore)),
  };
}

/** Describes a datastore in a file, once its container and its key are there. @throws CommandError */
export async function enterDatastore(file: string, datastore: Datastore, cloud: Cloud): Promise<void> {
  const { encryptionMode, storeType, storeProviderUrl, storeName } = datastore;
  const dekFile = await dekFileOfDatastore(datastore);
  if (storeType === "Azure_BlobStorage") await cloud.blobs(storeProviderUrl).createContainer(containerName(storeName));
  if (encryptionMode !== "SSE") await makeDek(dekFile);
  await addTo(datastores, file, datastore);
}

function secretFor(data: string, kek: string, storeId: (secret: string) => string, vaultUrl: string): Described["dek"] {
  const name = `wrapped-${data}-dek-${kek}`;
  vaultName(nameUnder("x", name));
  return { name, storeId: storeId(name), vaultUrl };
}

function supporting(type: "Secret" | "Key", store: SecretStore): SecretStore {
  if (store.supportedSecretTypes.includes(type) && store.secretStoreType !== "Local_File") return store;
  const wanted = type === "Key" ? "Azure_KeyVault_Managed_HSM (or a premium vault of that type)" : "Azure_KeyVault";
  throw new UsageError(`secret store "${store.name}" is ${store.secretStoreType}: this takes one of type ${wanted}`);
}

/** https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata @throws UsageError */
function containerName(name: string): string {
  if (/^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) return name;
  throw new UsageError(`"${name}" cannot be the name of a container: 3 to 63 small letters, digits and single '-'. Give --container-name`);
}
