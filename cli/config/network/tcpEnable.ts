import { isIP } from "node:net";
import { command, several } from "../../command.js";
import { UsageError } from "../../failure.js";
import { editConfig } from "../model.js";
import { withNetwork } from "../model/network.js";
import { cleanroomConfig, portOf } from "../options.js";

export default command({
  description: "Lets applications connect to certain addresses outside the clean room, in place of those allowed before.",
  examples: [["Allow a database", "cleanroom config network tcp enable --cleanroom-config ./tdc-config --allowed-ips 20.61.1.9:5432"]],
  options: { cleanroomConfig, allowed: { ...several("--allowed-ips <IP:PORT...>", "addresses and ports"), required: true } },
  run: async ({ cleanroomConfig: file, allowed }, io) => {
    const allowedIPs = allowed.map(addressOf);
    await editConfig(file, io, (config) => withNetwork(config, "tcp", { outbound: { enabled: true, allowedIPs } }));
  },
});

/** `20.61.1.9:5432` or `[2001:db8::1]:5432`. Names are not taken: who answers for one may change. @throws UsageError */
function addressOf(text: string): { address: string; port: number } {
  const [, bracketed, plain, port = ""] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(text) ?? [];
  const address = bracketed ?? plain ?? "";
  if (isIP(address) !== (bracketed === undefined ? 4 : 6)) throw new UsageError(`--allowed-ips wants IP:PORT, not "${text}"`);
  return { address, port: portOf(port, "--allowed-ips") };
}
