import { setTenantIssuerUrl } from "../../../client/issuer.js";
import { command, required } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Sets the issuer that tokens for the tenant of this member name: where the tenant's cloud finds the keys of the service.",
  examples: [
    [
      "Name the issuer",
      "cleanroom governance oidc-issuer set-issuer-url --url https://tdp.z22.web.core.windows.net/oidc --governance-client tdp-client",
    ],
  ],
  options: { url: required("--url <url>", "the issuer"), governanceClient },
  run: ({ url, governanceClient: client }, io) => asMember(client, io, (session) => setTenantIssuerUrl(session, url)),
});
