import { cloudOf } from "../cloud.js";
import { command, required } from "../command.js";
import { editConfig } from "./model.js";
import { newKekName } from "./keys/kek.js";
import { changedPoints } from "./model/accessPoints.js";
import { authorityText } from "./model/encryptionMode.js";
import { endpoint } from "./model/identities.js";
import type { Config, Kek } from "./model/specification.js";
import { cleanroomConfig } from "./options.js";

export default command({
  description:
    "Says in which vault the party's key encryption keys will be, and whose word on the clean room the vault takes. Keys are made for one " +
    "contract each, by wrap-deks, when its policy is agreed.",
  examples: [
    [
      "Use one vault for the keys",
      "cleanroom config set-kek --kek-key-vault /subscriptions/.../Microsoft.KeyVault/vaults/tdpvault01 " +
        "--maa-url https://sharedneu.neu.attest.azure.net --cleanroom-config ./tdp-config",
    ],
  ],
  options: {
    cleanroomConfig,
    vault: required("--kek-key-vault <id>", "resource id or URL of the vault"),
    maaUrl: required("--maa-url <url>", "URL of the attestation service"),
  },
  run: async ({ cleanroomConfig: file, vault, maaUrl }, io) => {
    const vaultUrl = (await cloudOf(io)).vaultEndpointOf(vault);
    await editConfig(file, io, (config) => withKek(config, { name: config.kek?.name ?? newKekName(), vaultUrl, maaUrl }));
  },
});

/** The name of the key stays; data that was added before follows to the new vault. */
function withKek(config: Config, kek: Kek): Config {
  const provider = endpoint("AzureKeyVault_SecureKey", kek.vaultUrl, authorityText(kek.maaUrl));
  return changedPoints({ ...config, kek }, (point) => {
    const { encryptionSecrets: secrets } = point.protection;
    if (secrets?.kek.name !== kek.name) return point;
    const backingResource = { ...secrets.kek.secret.backingResource, provider };
    const moved = { ...secrets, kek: { ...secrets.kek, secret: { ...secrets.kek.secret, backingResource } } };
    return { ...point, protection: { ...point.protection, encryptionSecrets: moved } };
  });
}
