import { command, parsed } from "../../command.js";
import { editConfig } from "../model.js";
import { withNetwork } from "../model/network.js";
import { cleanroomConfig, portOf } from "../options.js";

/** Where name servers listen (RFC 1035, 4.2). */
const DNS_PORT = 53;

export default command({
  description: "Lets applications look names up.",
  examples: [["Allow it", "cleanroom config network dns enable --cleanroom-config ./tdc-config"]],
  options: {
    cleanroomConfig,
    port: parsed("--port <port>", `port of the name server (default: ${DNS_PORT})`, (text) => portOf(text, "--port")),
  },
  run: async ({ cleanroomConfig: file, port = DNS_PORT }, io) => {
    await editConfig(file, io, (config) => withNetwork(config, "dns", { enabled: true, port }));
  },
});
