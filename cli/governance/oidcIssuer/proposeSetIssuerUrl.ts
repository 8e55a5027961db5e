import { setIssuerUrl } from "../../../client/issuer.js";
import { propose } from "../../../client/governance/proposal.js";
import { command, required } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Proposes the issuer that tokens name for tenants that have none of their own.",
  examples: [
    [
      "Propose an issuer",
      "cleanroom governance oidc-issuer propose-set-issuer-url --url https://isv.z22.web.core.windows.net/oidc --governance-client isv-client",
    ],
  ],
  options: { url: required("--url <url>", "the issuer"), governanceClient },
  run: ({ url, governanceClient: client }, io) => asMember(client, io, (session) => propose(session, [setIssuerUrl(url)])),
});
