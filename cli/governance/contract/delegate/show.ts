import { getDelegatePolicy } from "../../../../client/delegates.js";
import { command, required } from "../../../command.js";
import { asMember, governanceClient } from "../../../session.js";
import { contractId } from "../id.js";

export default command({
  description: "Shows which claims others have to present for one purpose; none where nobody was let in for it.",
  examples: [
    [
      "Who may write events besides the clean rooms of the contract?",
      "cleanroom governance contract delegate show --contract-id collab1-ml --delegate-type events --delegate-id writer \\\n" +
        "    --governance-client tdp-client",
    ],
  ],
  options: {
    contractId,
    delegateType: required("--delegate-type <type>", "what they are let in for, as list names it"),
    delegateId: required("--delegate-id <id>", "which one of these"),
    governanceClient,
  },
  run: ({ contractId: id, governanceClient: client, ...delegate }, io) =>
    asMember(client, io, (session) => getDelegatePolicy(session, id, delegate)),
});
