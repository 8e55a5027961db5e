import { command } from "../../command.js";
import { runningAzure, shownOf } from "./place.js";

export default command({
  description: "Shows where the services of the local cloud are.",
  examples: [["The URL of its attestation service", "cleanroom sandbox azure status --query attestation -o tsv"]],
  options: {},
  run: async (_, io) => shownOf(await runningAzure(io)),
});
