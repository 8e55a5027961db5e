import { getCertificateAuthority } from "../../../client/certificateAuthority.js";
import { command } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";
import { contractId } from "../contract/id.js";

export default command({
  description: "Shows the certificate authority of a contract, and the open proposals about it.",
  examples: [
    [
      "Its certificate",
      "cleanroom governance ca show --contract-id collab1-ml --query caCert --output tsv --governance-client isv-client > ca.pem",
    ],
  ],
  options: { contractId, governanceClient },
  run: ({ contractId: id, governanceClient: client }, io) => asMember(client, io, (session) => getCertificateAuthority(session, id)),
});
