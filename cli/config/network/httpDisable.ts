import { command, oneOf } from "../../command.js";
import { editConfig } from "../model.js";
import { withNetwork } from "../model/network.js";
import { cleanroomConfig } from "../options.js";
import { directions } from "./directions.js";

export default command({
  description: "Stops HTTP at the proxy of the clean room.",
  examples: [["Let nothing in", "cleanroom config network http disable --cleanroom-config ./tdc-config --direction inbound"]],
  options: { cleanroomConfig, direction: oneOf("--direction <direction>", "which way", directions) },
  run: async ({ cleanroomConfig: file, direction }, io) => {
    await editConfig(file, io, (config) => {
      const kept = Object.entries(config.network?.http ?? {}).filter(([way]) => way !== direction);
      return withNetwork(config, "http", Object.fromEntries(kept));
    });
  },
});
