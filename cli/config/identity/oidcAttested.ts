import { command, optional, required } from "../../command.js";
import { editConfig } from "../model.js";
import { attestedAs } from "../model/identities.js";
import { withIdentity } from "../model/withIdentity.js";
import { checkedName, cleanroomConfig } from "../options.js";

export default command({
  description: "Adds an identity that proves itself by attestation evidence alone, or replaces the one of that name.",
  examples: [["Add one", "cleanroom config add-identity oidc-attested --cleanroom-config ./tdp-config --name cleanroom_oidc"]],
  options: {
    cleanroomConfig,
    name: required("-n, --name <name>", "name of the identity"),
    clientId: optional("--client-id <id>", "client id, where the issuer wants one"),
    tenantId: optional("--tenant-id <id>", "tenant, where the issuer wants one"),
    issuerUrl: optional("--issuer-url <url>", "who gives the tokens (default: https://cgs/oidc, which is governance)"),
  },
  run: async ({ cleanroomConfig: file, name, clientId = "", tenantId = "", issuerUrl }, io) => {
    const who = { name: checkedName(name, "--name"), clientId, tenantId };
    await editConfig(file, io, (config) => withIdentity(config, attestedAs(who, issuerUrl)));
  },
});
