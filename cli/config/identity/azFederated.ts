import { command, optional, required } from "../../command.js";
import { editConfig } from "../model.js";
import { attestedIdentity, federatedIdentity, identityIn } from "../model/identities.js";
import { withIdentity } from "../model/withIdentity.js";
import { checkedName, cleanroomConfig } from "../options.js";

export default command({
  description:
    "Adds a managed identity or application of a tenant that takes tokens of governance for its own, or replaces the one of that name.",
  examples: [
    [
      "Use a managed identity",
      "cleanroom config add-identity az-federated --cleanroom-config ./tdp-config --name tdp-identity " +
        "--client-id 3f9a2c51-6d0e-4b7a-9c3d-1e5b7f20a9d4 --tenant-id b5d4a7e0-82c1-4f39-a6e2-90c7d13f58ab",
    ],
  ],
  options: {
    cleanroomConfig,
    name: required("-n, --name <name>", "name of the identity"),
    clientId: optional("--client-id <id>", "client id of the managed identity or application"),
    tenantId: optional("--tenant-id <id>", "its tenant"),
    backing: optional("--backing-identity <name>", `whose tokens are exchanged (default: ${attestedIdentity.name})`),
    issuerUrl: optional("--issuer-url <url>", "who exchanges them (default: https://AzureAD)"),
  },
  run: async ({ cleanroomConfig: file, name, clientId = "", tenantId = "", backing = attestedIdentity.name, issuerUrl }, io) => {
    const who = { name: checkedName(name, "--name"), clientId, tenantId };
    await editConfig(file, io, (config) => withIdentity(config, federatedIdentity(who, identityIn(config, backing), issuerUrl)));
  },
});
