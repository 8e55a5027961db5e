import { listMembers } from "../../../client/governance/members.js";
import { command } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

type Members = Awaited<ReturnType<typeof listMembers>>;

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
  rows: ({ value }: Members) =>
    value.map(({ memberData, ...member }) => ({
      ...(memberData?.identifier !== undefined && { identifier: memberData.identifier }),
      ...member,
    })),
  run: (values, io) => asMember(values.governanceClient, io, listMembers),
});
