import { getProposal } from "../../../client/governance/proposal.js";
import { command, required } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Shows the state of a proposal and, once it is closed, its votes.",
  examples: [
    ["Is it accepted?", "cleanroom governance proposal show --proposal-id $ID --query proposalState --governance-client isv-client"],
  ],
  options: { proposalId: required("--proposal-id <id>", "id of the proposal"), governanceClient },
  run: ({ proposalId, governanceClient: client }, io) => asMember(client, io, (session) => getProposal(session, proposalId)),
});
