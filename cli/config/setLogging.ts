import { sinkCommand } from "./sinkCommand.js";

export default sinkCommand("application", "set-logging");
