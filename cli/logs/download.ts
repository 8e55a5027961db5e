import { telemetryDownload } from "../data/telemetryCommands.js";

export default telemetryDownload("application");
