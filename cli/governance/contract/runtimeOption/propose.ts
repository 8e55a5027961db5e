import { switchOption } from "../../../../client/consent.js";
import { propose } from "../../../../client/governance/proposal.js";
import { command, oneOf } from "../../../command.js";
import { asMember, governanceClient } from "../../../session.js";
import { contractId } from "../id.js";

export default command({
  description:
    "Proposes that logs or telemetry may leave the clean rooms of a contract, or no longer. All members have to agree to let them out; to " +
    "keep them in, the word of one is enough.",
  examples: [
    [
      "Let the logs out",
      "cleanroom governance contract runtime-option propose --option logging --action enable --contract-id collab1-ml \\\n" +
        "    --governance-client isv-client",
    ],
  ],
  options: {
    contractId,
    option: oneOf("--option <option>", "what is switched", ["logging", "telemetry"]),
    action: oneOf("--action <action>", "on or off", ["enable", "disable"]),
    governanceClient,
  },
  run: ({ contractId: id, option, action, governanceClient: client }, io) =>
    asMember(client, io, (session) => propose(session, [switchOption(id, option, action)])),
});
