import { switchExecution } from "../../../../client/consent.js";
import { command, oneOf } from "../../../command.js";
import { asMember, governanceClient } from "../../../session.js";
import { contractId } from "../id.js";

export default command({
  description:
    "Stops the execution of an accepted contract, or no longer objects to it. Each member decides alone, at once; the contract runs while " +
    "no member objects.",
  examples: [
    [
      "Stop a contract",
      "cleanroom governance contract runtime-option set --option execution --action disable --contract-id collab1-ml \\\n" +
        "    --governance-client tdp-client",
    ],
  ],
  options: {
    contractId,
    option: oneOf("--option <option>", "what is switched", ["execution"]),
    action: oneOf("--action <action>", "on or off", ["enable", "disable"]),
    governanceClient,
  },
  run: ({ contractId: id, action, governanceClient: client }, io) =>
    asMember(client, io, (session) => switchExecution(session, id, action)),
});
