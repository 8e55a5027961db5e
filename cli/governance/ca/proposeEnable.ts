import { enableCa } from "../../../client/certificateAuthority.js";
import { propose } from "../../../client/governance/proposal.js";
import { command } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";
import { contractId } from "../contract/id.js";

export default command({
  description: "Proposes a certificate authority for a contract, which certifies the servers in its clean rooms.",
  examples: [["Propose it", "cleanroom governance ca propose-enable --contract-id collab1-ml --governance-client isv-client"]],
  options: { contractId, governanceClient },
  run: ({ contractId: id, governanceClient: client }, io) => asMember(client, io, (session) => propose(session, [enableCa(id)])),
});
