import { rotateCaKey } from "../../../client/certificateAuthority.js";
import { propose } from "../../../client/governance/proposal.js";
import { command } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";
import { contractId } from "../contract/id.js";

export default command({
  description: "Proposes another key for the certificate authority of a contract. Once that is agreed, `generate-key` makes it.",
  examples: [["Propose it", "cleanroom governance ca propose-rotate-key --contract-id collab1-ml --governance-client isv-client"]],
  options: { contractId, governanceClient },
  run: ({ contractId: id, governanceClient: client }, io) => asMember(client, io, (session) => propose(session, [rotateCaKey(id)])),
});
