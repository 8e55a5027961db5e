import { getSigningInfo } from "../../../client/signing.js";
import { command } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Shows whether the service signs payloads for clean rooms, and the keys that verify the signatures.",
  examples: [["The key", "cleanroom governance signing show --query publicKeyPem --output tsv --governance-client tdc-client > key.pem"]],
  options: { governanceClient },
  run: (values, io) => asMember(values.governanceClient, io, getSigningInfo),
});
