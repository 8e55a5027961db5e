import { propose } from "../../../client/governance/proposal.js";
import { rotatePayloadKey } from "../../../client/signing.js";
import { command } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Proposes another key to sign payloads with. Once that is agreed, `generate-signing-key` makes it.",
  examples: [["Propose it", "cleanroom governance signing propose-rotate-signing-key --governance-client isv-client"]],
  options: { governanceClient },
  run: (values, io) => asMember(values.governanceClient, io, (session) => propose(session, [rotatePayloadKey])),
});
