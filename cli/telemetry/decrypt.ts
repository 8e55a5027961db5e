import { telemetryDecrypt } from "../data/telemetryCommands.js";

export default telemetryDecrypt("infrastructure");
