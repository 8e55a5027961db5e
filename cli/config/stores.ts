import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { whileLocked } from "../../cleanroom/blocks/lock.js";
import { CommandError } from "../failure.js";
import { readText } from "../io.js";
import { createWhole, unlessMissing, writeWhole } from "../wholeFile.js";
import { encryptionModes, yamlOf, type EncryptionMode } from "./model.js";
import { listOf, name, object, text, word, type Schema } from "./model/jsonSchema.js";
import { parseYaml } from "./model/located.js";
import { checkOf, type Violation } from "./model/violations.js";

export const secretStoreTypes = ["Azure_KeyVault", "Azure_KeyVault_Managed_HSM", "Local_File"] as const;
export const datastoreTypes = ["Azure_BlobStorage", "Azure_OneLake"] as const;

/** A place for secrets and keys. */
export type SecretStore = {
  readonly name: string;
  readonly secretStoreType: (typeof secretStoreTypes)[number];
  /** URL of a vault; of local files the folder: absolute, unless an older release wrote it as it was given. */
  readonly storeProviderUrl: string;
  /** `{"authority": URL}` as text where an attestation service decides who gets a key. */
  readonly configuration: string;
  readonly supportedSecretTypes: readonly ("Secret" | "Key")[];
};

/** A place for data, encrypted with a key of its own. */
export type Datastore = {
  readonly name: string;
  /** File with the secret stores: absolute, unless an older release wrote it as it was given. */
  readonly secretstore_config: string;
  readonly secretstore_name: string;
  readonly encryptionMode: EncryptionMode;
  readonly storeType: (typeof datastoreTypes)[number];
  readonly storeProviderUrl: string;
  /** The container. */
  readonly storeName: string;
};

/** A kind of file that lists things by their names. */
type Kind<T> = {
  readonly list: "secretstores" | "datastores";
  readonly one: string;
  readonly violations: (content: unknown) => Violation[];
  /** With paths that mean the same wherever a later command is called. */
  readonly settled: (one: T) => T;
};

export const secretStores: Kind<SecretStore> = {
  list: "secretstores",
  one: "secret store",
  violations: listCheck("secretstores", {
    name,
    secretStoreType: word(...secretStoreTypes),
    storeProviderUrl: text,
    configuration: text,
    supportedSecretTypes: listOf(word("Secret", "Key")),
  }),
  settled: (one) => (one.secretStoreType === "Local_File" ? { ...one, storeProviderUrl: resolve(one.storeProviderUrl) } : one),
};

export const datastores: Kind<Datastore> = {
  list: "datastores",
  one: "datastore",
  violations: listCheck("datastores", {
    name,
    secretstore_config: text,
    secretstore_name: text,
    encryptionMode: word(...encryptionModes),
    storeType: word(...datastoreTypes),
    storeProviderUrl: text,
    storeName: text,
  }),
  settled: (one) => ({ ...one, secretstore_config: resolve(one.secretstore_config) }),
};

function listCheck(list: string, fields: Readonly<Record<string, Schema>>): (content: unknown) => Violation[] {
  return checkOf(object({ [list]: listOf(object(fields)) }));
}

/** Adds to a list, and makes the file where there is none. What is there already in the same way stays. @throws CommandError, DataError */
export async function addTo<T extends { readonly name: string }>(kind: Kind<T>, file: string, added: T): Promise<void> {
  await whileLocked(file, () => add(kind, file, kind.settled(added)));
}

async function add<T extends { readonly name: string }>(kind: Kind<T>, file: string, added: T): Promise<void> {
  const exists = (await unlessMissing(stat(file))) !== undefined;
  const before = exists ? await listIn(kind, file) : [];
  const same = before.find((candidate) => candidate.name === added.name);
  if (same && isDeepStrictEqual(kind.settled(same), added)) return;
  if (same) throw new CommandError(`${file} has another ${kind.one} "${added.name}" already: choose another name`);
  const content = yamlOf({ [kind.list]: [...before, added] });
  if (exists) await writeWhole(file, content);
  else if (!(await createWhole(file, content))) await add(kind, file, added);
}

/** @throws CommandError */
export async function oneIn<T extends { readonly name: string }>(kind: Kind<T>, file: string, wanted: string): Promise<T> {
  const all = await listIn(kind, file);
  const found = all.find((candidate) => candidate.name === wanted);
  if (found) return found;
  const known = all.length > 0 ? `; there are: ${all.map((one) => one.name).join(", ")}` : "";
  throw new CommandError(`${file} has no ${kind.one} "${wanted}"${known}`);
}

/** The file with the key of a datastore, which lies in a local secret store. @throws CommandError */
export async function dekFileOfDatastore({ name: datastore, secretstore_config, secretstore_name }: Datastore): Promise<string> {
  const store = await oneIn(secretStores, secretstore_config, secretstore_name);
  return dekFileIn(store, datastore);
}

/** @throws CommandError for a store that is no folder */
export function dekFileIn({ name: store, secretStoreType, storeProviderUrl }: SecretStore, datastore: string): string {
  if (secretStoreType === "Local_File") return join(resolve(storeProviderUrl), `${datastore}.bin`);
  throw new CommandError(`secret store "${store}" is ${secretStoreType}: the keys of datastores lie in one of type Local_File`);
}

async function listIn<T>({ list, violations: violationsIn }: Kind<T>, file: string): Promise<readonly T[]> {
  const { content, at } = parseYaml(file, await readText(file));
  const violations = violationsIn(content);
  if (violations.length > 0) throw new CommandError(violations.map(({ path, text: fault }) => `${at(path)}: ${fault}`).join("\n  "));
  return (content as Readonly<Record<typeof list, readonly T[]>>)[list];
}
