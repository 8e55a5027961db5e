import { proposeDocument } from "../../../client/documents.js";
import { command, required } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Proposes a draft to the members, in the version that was read.",
  examples: [["Propose a draft", "cleanroom governance document propose --id query1 --version 2.17 --governance-client tdc-client"]],
  options: {
    id: required("--id <id>", "id of the document"),
    version: required("--version <version>", "version that is proposed"),
    governanceClient,
  },
  run: ({ id, version, governanceClient: client }, io) => asMember(client, io, (session) => proposeDocument(session, id, version)),
});
