import { getIssuerInfo } from "../../../client/issuer.js";
import { command } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Shows whether the service issues tokens, and whom they name as issuer: for the service, and for the tenant of this member.",
  examples: [
    [
      "The issuer of this member's tenant",
      "cleanroom governance oidc-issuer show --governance-client tdp-client --query tenantData.issuerUrl --output tsv",
    ],
  ],
  options: { governanceClient },
  run: (values, io) => asMember(values.governanceClient, io, getIssuerInfo),
});
