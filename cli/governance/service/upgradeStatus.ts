import { openUpgrades } from "../../../client/governance/upgrades.js";
import { command } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Lists the open proposals of another constitution, another application, or other places for the service to run.",
  examples: [["What is to be upgraded?", "cleanroom governance service upgrade status --governance-client tdp-client"]],
  options: { governanceClient },
  run: (values, io) => asMember(values.governanceClient, io, async (session) => ({ proposals: await openUpgrades(session) })),
});
