import { activate } from "../../../client/governance/members.js";
import { command } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Accepts the invitation: acknowledges the present state of the service, by which the member becomes active.",
  examples: [["Join as tdp", "cleanroom governance member activate --governance-client tdp-client"]],
  options: { governanceClient },
  run: (values, io) => asMember(values.governanceClient, io, activate),
});
