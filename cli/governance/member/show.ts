import { listMembers } from "../../../client/governance/members.js";
import { command } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Lists the members of the consortium.",
  examples: [
    [
      "Who is active",
      "cleanroom governance member show --governance-client isv-client \\\n" +
        "    --query \"value[?status=='Active'].memberData.identifier\" --output tsv",
    ],
  ],
  options: { governanceClient },
  run: (values, io) => asMember(values.governanceClient, io, listMembers),
});
