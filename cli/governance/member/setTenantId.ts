import { setTenantId } from "../../../client/governance/members.js";
import { propose } from "../../../client/governance/proposal.js";
import { command, required } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Proposes the tenant of a member. What else is known of the member stays as it is.",
  examples: [
    [
      "Name the tenant of isv",
      "cleanroom governance member set-tenant-id --identifier isv --tenant-id 72f988bf-86f1-41af-91ab-2d7cd011db47 \\\n" +
        "    --governance-client isv-client",
    ],
  ],
  options: {
    identifier: required("--identifier <name>", "identifier of the member"),
    tenantId: required("--tenant-id <id>", "id of the tenant"),
    governanceClient,
  },
  run: ({ identifier, tenantId, governanceClient: client }, io) =>
    asMember(client, io, async (session) => propose(session, [await setTenantId(session, identifier, tenantId)])),
});
