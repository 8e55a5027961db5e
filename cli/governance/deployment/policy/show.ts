import { getCleanRoomPolicy } from "../../../../client/cleanRoomPolicy.js";
import { command } from "../../../command.js";
import { asMember, governanceClient } from "../../../session.js";
import { contractId } from "../../contract/id.js";

export default command({
  description: "Shows which clean rooms a contract lets in, and the open proposals to change that.",
  examples: [
    [
      "The proposal to vote on",
      "cleanroom governance deployment policy show --contract-id collab1-ml --governance-client tdp-client \\\n" +
        '    --query "proposalIds[0]" --output tsv',
    ],
  ],
  options: { contractId, governanceClient },
  run: ({ contractId: id, governanceClient: client }, io) => asMember(client, io, (session) => getCleanRoomPolicy(session, id)),
});
