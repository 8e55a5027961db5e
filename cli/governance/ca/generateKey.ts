import { generateCaKey } from "../../../client/certificateAuthority.js";
import { command } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";
import { contractId } from "../contract/id.js";

export default command({
  description:
    "Has the service make the key and the certificate of the authority, once the members have agreed on the first one, or on a rotation. Asked " +
    "again, it changes nothing.",
  examples: [["Make the key", "cleanroom governance ca generate-key --contract-id collab1-ml --governance-client isv-client"]],
  options: { contractId, governanceClient },
  run: ({ contractId: id, governanceClient: client }, io) => asMember(client, io, (session) => generateCaKey(session, id)),
});
