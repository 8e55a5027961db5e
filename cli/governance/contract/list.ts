import { listContracts } from "../../../client/contracts.js";
import { command } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Lists the ids of all contracts.",
  examples: [["One id a line", 'cleanroom governance contract list --query "value[].id" --output tsv --governance-client isv-client']],
  options: { governanceClient },
  run: (values, io) => asMember(values.governanceClient, io, listContracts),
});
