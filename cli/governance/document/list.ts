import { listDocuments } from "../../../client/documents.js";
import { command } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Lists the ids of all documents.",
  examples: [["One id a line", 'cleanroom governance document list --query "value[].id" --output tsv --governance-client tdc-client']],
  options: { governanceClient },
  run: (values, io) => asMember(values.governanceClient, io, listDocuments),
});
