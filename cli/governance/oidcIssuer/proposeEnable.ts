import { enableIssuer, kidOf } from "../../../client/issuer.js";
import { propose } from "../../../client/governance/proposal.js";
import { command } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Proposes that the service issues tokens to clean rooms. `service deploy` does so too.",
  examples: [["Propose it", "cleanroom governance oidc-issuer propose-enable --governance-client isv-client"]],
  options: { governanceClient },
  run: (values, io) => asMember(values.governanceClient, io, async (session) => propose(session, [enableIssuer(await kidOf(session))])),
});
