import { contractOptions, getOption } from "../../../../client/consent.js";
import { command, oneOf } from "../../../command.js";
import { asMember, governanceClient } from "../../../session.js";
import { contractId } from "../id.js";

export default command({
  description:
    "Shows whether a contract may run (execution), or whether logs or telemetry may leave its clean rooms, with the reason, and the open " +
    "proposals to change it.",
  examples: [
    [
      "The proposal to vote on",
      "cleanroom governance contract runtime-option get --option logging --contract-id collab1-ml \\\n" +
        '    --governance-client tdp-client --query "proposalIds[0]" --output tsv',
    ],
  ],
  options: { contractId, option: oneOf("--option <option>", "what is asked for", contractOptions), governanceClient },
  run: ({ contractId: id, option, governanceClient: client }, io) => asMember(client, io, (session) => getOption(session, id, option)),
});
