import { cloudOf } from "../../cloud.js";
import { command, optional, required } from "../../command.js";
import { editConfig } from "../model.js";
import { attestedIdentity, identityIn, secretIdentity } from "../model/identities.js";
import { withIdentity } from "../model/withIdentity.js";
import { checkedName, cleanroomConfig } from "../options.js";

export default command({
  description: "Adds an application of a tenant whose password lies in a vault, or replaces the one of that name.",
  examples: [
    [
      "Use an application with a password",
      "cleanroom config add-identity az-secret --cleanroom-config ./tdp-config --name tdp-app " +
        "--client-id 3f9a2c51-6d0e-4b7a-9c3d-1e5b7f20a9d4 --tenant-id b5d4a7e0-82c1-4f39-a6e2-90c7d13f58ab " +
        "--secret-name tdp-app-password --secret-store-url https://tdpvault01.vault.azure.net/",
    ],
  ],
  options: {
    cleanroomConfig,
    name: required("-n, --name <name>", "name of the identity"),
    clientId: required("--client-id <id>", "client id of the application"),
    tenantId: required("--tenant-id <id>", "its tenant"),
    secretName: required("--secret-name <name>", "name of the password in the vault"),
    vault: required("--secret-store-url <url>", "URL of the vault"),
    backing: optional("--backing-identity <name>", `who may read the password (default: ${attestedIdentity.name})`),
  },
  run: async ({ cleanroomConfig: file, name, clientId, tenantId, secretName, vault, backing = attestedIdentity.name }, io) => {
    const who = { name: checkedName(name, "--name"), clientId, tenantId };
    const secret = { name: secretName, vaultUrl: (await cloudOf(io)).vaultEndpointOf(vault) };
    await editConfig(file, io, (config) => withIdentity(config, secretIdentity(who, secret, identityIn(config, backing))));
  },
});
