import { generateSigningKey } from "../../../client/signingKey.js";
import { command } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description:
    "Has the service make the key that signs payloads, once the members have agreed on the first one, or on a rotation. Asked again, it " +
    "names the same key.",
  examples: [["Make the key", "cleanroom governance signing generate-signing-key --governance-client isv-client"]],
  options: { governanceClient },
  run: (values, io) => asMember(values.governanceClient, io, (session) => generateSigningKey(session, "signing")),
});
