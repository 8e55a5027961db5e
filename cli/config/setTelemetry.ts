import { sinkCommand } from "./sinkCommand.js";

export default sinkCommand("infrastructure", "set-telemetry");
