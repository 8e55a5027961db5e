import { listDelegates } from "../../../../client/delegates.js";
import { command } from "../../../command.js";
import { asMember, governanceClient } from "../../../session.js";
import { contractId } from "../id.js";

export default command({
  description: "Lists for which purposes the clean rooms of a contract have let in others.",
  examples: [
    ["Who else is let in?", "cleanroom governance contract delegate list --contract-id collab1-ml --governance-client tdp-client"],
  ],
  options: { contractId, governanceClient },
  run: ({ contractId: id, governanceClient: client }, io) => asMember(client, io, (session) => listDelegates(session, id)),
});
