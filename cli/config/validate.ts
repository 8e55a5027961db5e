import { command } from "../command.js";
import { CommandError } from "../failure.js";
import { findingsIn, readSource } from "./model.js";
import { cleanroomConfig } from "./options.js";

export default command({
  description:
    "Checks a configuration: its form, that applications mount data that is there, that no port is used twice, and that ports are open to " +
    "somebody. Everything is named with its place in the file. Warnings go to the standard error and change nothing.",
  examples: [["Check what is to be proposed as a contract", "cleanroom config validate --cleanroom-config ./cleanroom-config"]],
  options: { cleanroomConfig },
  run: async ({ cleanroomConfig: file }, io) => {
    const findings = findingsIn(await readSource(file));
    const of = (severity: "error" | "warning"): string[] =>
      findings.filter((one) => one.severity === severity).map(({ place, code, message }) => `${place}: ${code}: ${message}`);
    for (const line of of("warning")) io.note(`warning: ${line}`);
    const errors = of("error");
    if (errors.length > 0) throw new CommandError(errors.join("\n  "));
  },
});
