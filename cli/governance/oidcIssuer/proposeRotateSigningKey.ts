import { rotateIssuerKey } from "../../../client/issuer.js";
import { propose } from "../../../client/governance/proposal.js";
import { command } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Proposes another key to sign tokens with. Once that is agreed, `generate-signing-key` makes it.",
  examples: [["Propose it", "cleanroom governance oidc-issuer propose-rotate-signing-key --governance-client isv-client"]],
  options: { governanceClient },
  run: (values, io) => asMember(values.governanceClient, io, (session) => propose(session, [rotateIssuerKey])),
});
