import { putDocument } from "../../../client/documents.js";
import { command, optional, required } from "../../command.js";
import { readValue } from "../../io.js";
import { asMember, governanceClient } from "../../session.js";
import { contractId } from "../contract/id.js";

export default command({
  description: "Writes the draft of a document of a contract, or replaces one: then --version has to name the version that was read.",
  examples: [
    [
      "Write a draft from a file",
      "cleanroom governance document create --id query1 --contract-id collab1-ml --data @query.sql --governance-client tdc-client",
    ],
  ],
  options: {
    id: required("--id <id>", "id of the document"),
    contractId,
    data: required("--data <text>", "text of the document; @FILE reads a file, - the standard input"),
    version: optional("--version <version>", "version of the draft that is replaced"),
    governanceClient,
  },
  run: async ({ id, contractId: contract, data, version, governanceClient: client }, io) => {
    const text = await readValue(data, io);
    return asMember(client, io, (session) => putDocument(session, id, contract, text, version === "" ? undefined : version));
  },
});
