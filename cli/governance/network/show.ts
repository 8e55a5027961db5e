import { getServiceInfo } from "../../../client/governance/service.js";
import { command } from "../../command.js";
import { asMember, governanceClient } from "../../session.js";

export default command({
  description: "Shows the service: its state, its certificate, and how many recovery members must bring their shares to recover it.",
  examples: [
    [
      "How many have to come?",
      "cleanroom governance network show --query configuration.recoveryThreshold --output tsv --governance-client isv-client",
    ],
  ],
  options: { governanceClient },
  run: (values, io) => asMember(values.governanceClient, io, getServiceInfo),
});
