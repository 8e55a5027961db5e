import { cloudOf } from "../cloud.js";
import { command, oneOf, optional, required } from "../command.js";
import { authorityText } from "../config/model/encryptionMode.js";
import { checkedName } from "../config/options.js";
import { addTo, secretStores, secretStoreTypes, type SecretStore } from "../config/stores.js";
import { UsageError } from "../failure.js";
import type { Io } from "../io.js";

export default command({
  description:
    "Describes a place for secrets: a vault, a vault that releases keys to whom an attestation service vouches for (a managed HSM or a " +
    "premium vault), or a folder of this machine.",
  examples: [
    [
      "Keep keys of data in a folder",
      "cleanroom secretstore add --name local-keys --config ./secretstores --backingstore-type Local_File --backingstore-path ./keys",
    ],
    [
      "Release keys from a vault",
      "cleanroom secretstore add --name kek-store --config ./secretstores --backingstore-type Azure_KeyVault_Managed_HSM " +
        "--backingstore-id /subscriptions/.../vaults/tdpvault01 --attestation-endpoint https://sharedneu.neu.attest.azure.net",
    ],
  ],
  options: {
    name: required("--secretstore-name, --name <name>", "name of the secret store"),
    config: required("--secretstore-config, --config <file>", "where secret stores are described; made where it is missing"),
    type: oneOf("--backingstore-type <type>", "what holds the secrets", secretStoreTypes),
    id: optional("--backingstore-id <id>", "resource id or URL of the vault"),
    path: optional("--backingstore-path <folder>", "folder, for Local_File"),
    attestation: optional("--attestation-endpoint <url>", "attestation service, for Azure_KeyVault_Managed_HSM"),
  },
  run: async ({ config, ...values }, io) => {
    const name = checkedName(values.name, "--name");
    await addTo(secretStores, config, { name, secretStoreType: values.type, ...(await storeOf(values, io)) });
  },
});

type Given = {
  readonly type: SecretStore["secretStoreType"];
  readonly id: string | undefined;
  readonly path: string | undefined;
  readonly attestation: string | undefined;
};

async function storeOf(
  { type, id, path, attestation }: Given,
  io: Io,
): Promise<Pick<SecretStore, "storeProviderUrl" | "configuration" | "supportedSecretTypes">> {
  if (type === "Local_File") {
    if (path === undefined) throw new UsageError("Local_File needs --backingstore-path FOLDER");
    return { storeProviderUrl: path, configuration: "", supportedSecretTypes: ["Secret"] };
  }
  if (id === undefined) throw new UsageError(`${type} needs --backingstore-id ID`);
  if (type === "Azure_KeyVault") {
    return { storeProviderUrl: (await cloudOf(io)).vaultEndpointOf(id), configuration: "", supportedSecretTypes: ["Secret"] };
  }
  if (attestation === undefined) throw new UsageError(`${type} needs --attestation-endpoint URL`);
  return {
    storeProviderUrl: (await cloudOf(io)).vaultEndpointOf(id),
    configuration: authorityText(attestation),
    supportedSecretTypes: ["Key"],
  };
}
