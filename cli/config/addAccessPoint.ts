import { isDeepStrictEqual } from "node:util";
import { cloudOf, type Cloud } from "../cloud.js";
import { command, maybeOneOf, optional, required, type Command, type Values } from "../command.js";
import { CommandError, UsageError } from "../failure.js";
import type { Io } from "../io.js";
import { listKey } from "./keys/private.js";
import { editConfig, encryptionModes, readConfig, type Config, type Identity } from "./model.js";
import { accessPoint } from "./model/accessPoint.js";
import { withPoint, type PointKind } from "./model/accessPoints.js";
import { federatedIdentity, identityIn } from "./model/identities.js";
import { withIdentity } from "./model/withIdentity.js";
import type { AccessPoint } from "./model/specification.js";
import { checkedName, cleanroomConfig } from "./options.js";
import { placeInAccount, placeInDatastore, type Place } from "./place.js";
import { datastores, oneIn } from "./stores.js";

const options = {
  cleanroomConfig,
  name: optional("--access-name, --name <name>", "how applications call it (default: the name of the datastore)"),
  identity: required(
    "--identity <id>",
    "who the clean room is towards the store: id of a managed identity, or a name in the configuration",
  ),
  storageAccount: optional("--storage-account <id>", "resource id or URL of the storage account"),
  containerName: optional("--container-name <name>", "container in the storage account (default: the name)"),
  dekKeyVault: optional("--dek-key-vault <id>", "resource id or URL of the vault for the wrapped key"),
  encryptionMode: maybeOneOf("--encryption-mode <mode>", "who encrypts the data (default: CSE, the client)", encryptionModes),
  datastoreName: optional("--datastore-name <name>", "instead of a storage account, a datastore"),
  datastoreConfig: optional("--datastore-config <file>", "where the datastore is described"),
  secretstoreConfig: optional("--secretstore-config <file>", "where the secret stores are described"),
  dekSecretStore: optional("--dek-secret-store, --dek-secret-store-name <name>", "secret store for the wrapped key"),
  kekSecretStore: optional("--kek-secret-store, --kek-secret-store-name <name>", "secret store that releases the key encryption key"),
  kekName: optional("--kek-name <name>", "name of the key encryption key; {contractId} in it stands for the id of the contract"),
};

/** A command that adds a datasource or a datasink. */
export function addCommand(kind: PointKind, example: string): Command {
  return command({
    description:
      `Adds a ${kind}, or replaces the one of that name. In a storage account it makes the container and a key for the data, which stays in ` +
      "FILE.keys/; a key that is there is kept. Of a datastore, `datastore add` has made both.",
    examples: [
      [
        `Add a ${kind} in a storage account`,
        `cleanroom config add-${kind} --cleanroom-config ./config --name ${example} --storage-account /subscriptions/.../storageAccounts/sa ` +
          "--identity /subscriptions/.../userAssignedIdentities/mi --dek-key-vault /subscriptions/.../vaults/kv",
      ],
      [
        `Add a ${kind} from a datastore`,
        `cleanroom config add-${kind} --cleanroom-config ./config --datastore-name ${example} --datastore-config ./datastores ` +
          "--secretstore-config ./secretstores --dek-secret-store dek-store --kek-secret-store kek-store --identity my-identity",
      ],
    ],
    options,
    run: async (values, io) => {
      const { cleanroomConfig: file, identity } = values;
      const cloud = await cloudOf(io);
      const name = values.name ?? values.datastoreName;
      if (name === undefined) throw new UsageError("how shall applications call it? Give --name");
      checkedName(name, "--name");
      await addPoint({ file, kind, name, identity, place: await placeOf(values, name, cloud) }, cloud, io);
    },
  });
}

async function placeOf(values: Values<typeof options>, name: string, cloud: Cloud): Promise<Place> {
  const { cleanroomConfig: file, storageAccount, dekKeyVault, containerName, encryptionMode = "CSE", kekName } = values;
  const { datastoreName, datastoreConfig, secretstoreConfig, dekSecretStore, kekSecretStore } = values;
  if (storageAccount !== undefined) {
    const dek = given(dekKeyVault, "--dek-key-vault", "--storage-account");
    return placeInAccount(file, name, { storageAccount, containerName, dekKeyVault: dek, mode: encryptionMode }, cloud);
  }
  if (datastoreName === undefined) throw new UsageError("where is the data? Give --storage-account ID or --datastore-name NAME");
  const need = (value: string | undefined, option: string): string => given(value, option, "--datastore-name");
  return placeInDatastore(file, await oneIn(datastores, need(datastoreConfig, "--datastore-config"), datastoreName), {
    secretstoreConfig: need(secretstoreConfig, "--secretstore-config"),
    dekSecretStore: need(dekSecretStore, "--dek-secret-store"),
    kekSecretStore: need(kekSecretStore, "--kek-secret-store"),
    kekName,
  });
}

/** @throws UsageError */
export function given<T>(value: T | undefined, option: string, beside: string): T {
  if (value === undefined) throw new UsageError(`${beside} needs ${option} as well`);
  return value;
}

export type Added = {
  readonly file: string;
  readonly kind: PointKind;
  readonly name: string;
  /** Resource id of a managed identity, or the name of an identity in the configuration. */
  readonly identity: string;
  readonly place: Place;
  /** What else changes. */
  readonly also?: (config: Config, point: AccessPoint) => Config;
};

/** Adds a datasource or datasink; the configuration is written last, when all that it names is there. @throws CommandError */
export async function addPoint(
  { file, kind, name, place, also = (config) => config, ...added }: Added,
  cloud: Cloud,
  io: Io,
): Promise<void> {
  const before = await readConfig(file);
  checkOther(file, before, kind, name);
  const identity = await resolveIdentity(added.identity, before, cloud);
  const { store, mode, dek, kek, ownKek, prepare } = place;
  const point = accessPoint({ name, access: kind === "datasource" ? "ReadOnly" : "ReadWrite", store, identity, mode, dek, kek });
  const key = await prepare();
  if (key !== undefined) await listKey(file, `${kind}/${name}`, key);
  await editConfig(file, io, (config) => {
    if (config.kek && !isDeepStrictEqual(config.kek, ownKek)) {
      throw new CommandError(`${file} was given another key encryption key meanwhile: call again`);
    }
    checkOther(file, config, kind, name);
    return also(withPoint({ ...withIdentity(config, identity), kek: config.kek ?? ownKek }, kind, point), point);
  });
}

function checkOther(file: string, config: Config, kind: PointKind, name: string): void {
  const other = kind === "datasource" ? "datasink" : "datasource";
  if (!config[`${other}s`].some((point) => point.name === name)) return;
  throw new CommandError(`${file} has a ${other} "${name}" already: a ${kind} needs another name`);
}

async function resolveIdentity(wanted: string, config: Config, cloud: Cloud): Promise<Identity> {
  if (!wanted.startsWith("/") && !wanted.startsWith("https://")) return identityIn(config, wanted);
  const { clientId, tenantId } = await cloud.identityOf(wanted);
  const same = config.identities.find((known) => known.clientId === clientId && known.tenantId === tenantId);
  const name = wanted.split("/").filter(Boolean).at(-1) ?? "identity";
  return same ?? federatedIdentity({ name: `${name}-${clientId.slice(0, 8)}`, clientId, tenantId });
}
