import { getDocument } from "../../../client/documents.js";
import { command, required } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Shows a document: its contract, text, version and state, and the votes once it is accepted.",
  examples: [
    ["Print the version", "cleanroom governance document show --id query1 --query version --output tsv --governance-client tdc-client"],
  ],
  options: { id: required("--id <id>", "id of the document"), governanceClient },
  run: ({ id, governanceClient: client }, io) => asMember(client, io, (session) => getDocument(session, id)),
});
