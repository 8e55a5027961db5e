import { proposeContract } from "../../../client/contracts.js";
import { command, required } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Proposes a draft to the members, in the version that was read.",
  examples: [
    [
      "Propose a draft",
      "cleanroom governance contract propose --id collab1-ml --version 2.17 --query proposalId --output tsv --governance-client isv-client",
    ],
  ],
  options: {
    id: required("--id <id>", "id of the contract"),
    version: required("--version <version>", "version that is proposed"),
    governanceClient,
  },
  run: ({ id, version, governanceClient: client }, io) => asMember(client, io, (session) => proposeContract(session, id, version)),
});
