import { command } from "../command.js";
import { ask } from "./control.js";
import { port } from "./port.js";
import { find } from "./registry.js";

export default command({
  description: "Stops a node started by `sandbox start`. Everything that it answered is signed and on disk when the command returns.",
  examples: [["Stop the node at port 8000", "cleanroom sandbox stop --port 8000"]],
  options: { port: port("--port <port>", "where it listens") },
  run: async (values, io) => {
    const { control } = await find(values.port, io);
    await ask(control, { word: "stop" });
  },
});
