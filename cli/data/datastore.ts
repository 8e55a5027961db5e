import { resolve } from "node:path";
import { storageAccount } from "../cloud.js";
import { readDekFile } from "../config/keys/private.js";
import { datastores, dekFileOfDatastore, oneIn, type Datastore } from "../config/stores.js";
import { CommandError } from "../failure.js";
import type { Io } from "../io.js";
import { encryptedByUs, type Protection } from "../../cleanroom/blocks/protection.js";
import { storeOf, type Store } from "../../cleanroom/transfer/store.js";

/** A datastore with its container. @throws CommandError */
export async function datastoreStore(config: string, name: string, io: Io): Promise<Store> {
  const datastore = await oneIn(datastores, config, name);
  const { encryptionMode: mode, storeName: containerName, storeProviderUrl } = datastore;
  return storeOf({ name, mode, containerName }, await storageAccount(storeProviderUrl, io), () => keyOf(datastore));
}

/** How files of a datastore are encrypted on this machine; the container is not asked. @throws CommandError */
export async function datastoreProtection(config: string, name: string, blockBytes: number): Promise<Protection> {
  const datastore = await oneIn(datastores, config, name);
  if (datastore.encryptionMode === "CSE") return encryptedByUs(await keyOf(datastore), blockBytes);
  throw new CommandError(
    `datastore "${name}" has --encryption-mode ${datastore.encryptionMode}: its store encrypts the data, not this command`,
  );
}

async function keyOf(datastore: Datastore): Promise<Uint8Array> {
  return readDekFile(resolve(await dekFileOfDatastore(datastore)));
}
