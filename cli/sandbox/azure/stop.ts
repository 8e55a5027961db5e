import { command } from "../../command.js";
import { ask } from "../control.js";
import { runningAzure } from "./place.js";

export default command({
  description: "Stops the local cloud. What is in it stays on disk; from now on the commands use Azure itself.",
  examples: [["Stop it", "cleanroom sandbox azure stop"]],
  options: {},
  run: async (_, io) => {
    await ask((await runningAzure(io)).control, { word: "stop" });
  },
});
