import { propose } from "../../../client/governance/proposal.js";
import { kidOf } from "../../../client/issuer.js";
import { enableSigning } from "../../../client/signing.js";
import { command } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Proposes that the service signs payloads for clean rooms.",
  examples: [["Propose it", "cleanroom governance signing propose-enable --governance-client isv-client"]],
  options: { governanceClient },
  run: (values, io) => asMember(values.governanceClient, io, async (session) => propose(session, [enableSigning(await kidOf(session))])),
});
