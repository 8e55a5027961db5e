import { cloudOf } from "../cloud.js";
import { command, optional, required } from "../command.js";
import { CommandError, UsageError } from "../failure.js";
import { readSecret } from "../io.js";
import { agreedHostData, maybeClient } from "./keys/agreed.js";
import { vaultName } from "./keys/kek.js";
import { publicKeys, wrapped, type NeededKek } from "./keys/wrap.js";
import { authorityOf, nameUnder, readConfig, type Kek } from "./model.js";
import { cleanroomConfig } from "./options.js";
import { oneIn, secretStores } from "./stores.js";

/** Bytes that RSA of 2048 bits wraps by OAEP with SHA-256 (RFC 8017, 7.1.1). */
const MOST = 190;

export default command({
  description:
    "Wraps a secret for the clean rooms of one contract, puts it into a vault, and prints what an application needs to ask for it.",
  examples: [
    [
      "Give a clean room the password of a database",
      "cleanroom config wrap-secret --cleanroom-config ./tdp-config --contract-id collab1-db --name dbpassword --value @password.txt " +
        "--secret-key-vault /subscriptions/.../vaults/tdpvault01 --governance-client tdp-client",
    ],
  ],
  options: {
    cleanroomConfig,
    contractId: required("--contract-id <id>", "id of the contract"),
    name: required("--name <name>", "name of the secret in the vault"),
    value: required("--value <text>", "the secret; @FILE reads a file, - the standard input, which keeps it out of the list of processes"),
    vault: required("--secret-key-vault <id>", "resource id or URL of the vault"),
    governanceClient: maybeClient,
    secretstoreConfig: optional("--secretstore-config <file>", "where the secret stores are described"),
    kekStore: optional("--kek-secretstore-name <name>", "secret store that releases the key encryption key (default: that of set-kek)"),
    kekName: optional("--kek-name <name>", "name of the key encryption key; {contractId} in it stands for the id of the contract"),
  },
  run: async ({ cleanroomConfig: config, contractId, name, kekName, ...values }, io) => {
    const secret = Buffer.from(await readSecret(values.value, io), "utf8");
    if (secret.length > MOST) throw new CommandError(`the secret has ${secret.length} bytes; at most ${MOST} can be wrapped`);
    const kid = vaultName(name);
    const cloud = await cloudOf(io);
    const akvEndpoint = cloud.vaultEndpointOf(values.vault);
    const needed = await neededKek(config, values.secretstoreConfig, values.kekStore);
    const kek: NeededKek = { ...needed, name: vaultName(nameUnder(contractId, kekName ?? needed.name)) };
    const hostData = await agreedHostData(values.governanceClient, contractId, io);
    const [key] = (await publicKeys([kek], { config, contractId, hostData, vaultAt: cloud.vault })).values();
    if (!key) throw new Error("a key that was asked for is missing");
    await cloud.vault(akvEndpoint).setSecret(kid, wrapped(key, secret));
    return { kid, akvEndpoint, kek: { kid: kek.name, akvEndpoint: kek.vaultUrl, maaEndpoint: kek.maaUrl } };
  },
});

/** The party's own, or that of a secret store. @throws UsageError, CommandError */
async function neededKek(config: string, secretstoreConfig: string | undefined, store: string | undefined): Promise<Kek> {
  const { kek } = await readConfig(config);
  if (store === undefined) {
    if (kek) return kek;
    throw new UsageError(
      `${config} has no key encryption key: give --kek-secretstore-name and --secretstore-config, or call config set-kek`,
    );
  }
  if (secretstoreConfig === undefined) throw new UsageError("--kek-secretstore-name needs --secretstore-config as well");
  const { storeProviderUrl, configuration } = await oneIn(secretStores, secretstoreConfig, store);
  const name = kek?.name ?? "secrets-{contractId}";
  return { name, vaultUrl: storeProviderUrl, maaUrl: authorityOf(configuration) };
}
