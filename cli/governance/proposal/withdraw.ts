import { withdraw } from "../../../client/governance/proposal.js";
import { command, required } from "../../command.js";
import { CommandError } from "../../failure.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Takes back a proposal. Only its proposer can.",
  examples: [["Take back a proposal", "cleanroom governance proposal withdraw --proposal-id $ID --governance-client isv-client"]],
  options: { proposalId: required("--proposal-id <id>", "id of the proposal"), governanceClient },
  run: async ({ proposalId, governanceClient: client }, io) => {
    const proposal = await asMember(client, io, (session) => withdraw(session, proposalId));
    if (!proposal) throw new CommandError(`there is no proposal ${proposalId}`);
    return proposal;
  },
});
