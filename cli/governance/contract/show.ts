import { getContract } from "../../../client/contracts.js";
import { command, required } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Shows a contract: its text, version and state, and the votes once it is accepted.",
  examples: [
    ["Print the version", "cleanroom governance contract show --id collab1-ml --query version --output tsv --governance-client isv-client"],
  ],
  options: { id: required("--id <id>", "id of the contract"), governanceClient },
  run: ({ id, governanceClient: client }, io) => asMember(client, io, (session) => getContract(session, id)),
});
