import { command } from "../../command.js";
import { editConfig } from "../model.js";
import { withNetwork } from "../model/network.js";
import { cleanroomConfig } from "../options.js";

export default command({
  description: "Lets applications connect to nothing outside the clean room.",
  examples: [["Allow nothing", "cleanroom config network tcp disable --cleanroom-config ./tdc-config"]],
  options: { cleanroomConfig },
  run: async ({ cleanroomConfig: file }, io) => {
    await editConfig(file, io, (config) => withNetwork(config, "tcp", undefined));
  },
});
