import { command, optional, several } from "../command.js";
import { writeWhole } from "../wholeFile.js";
import { merge, readSource, yamlOf } from "./model.js";
import { cleanroomConfig } from "./options.js";

export default command({
  description:
    "Joins the configurations of several parties to one, the text of a contract, and prints it. What two of them have alike is there once; " +
    "what they have differently under one name is an error. The party's own kek entry is left out.",
  examples: [
    [
      "Join what the consumer and the publisher have",
      "cleanroom config view --cleanroom-config ./tdc-config --configs ./tdp-config > ./cleanroom-config",
    ],
    [
      "Write it to a file, and print nothing",
      "cleanroom config view --cleanroom-config ./tdc-config --configs ./tdp-config --output-file ./cleanroom-config --no-print",
    ],
  ],
  options: {
    cleanroomConfig,
    configs: several("--configs <files...>", "configurations of the other parties"),
    outputFile: optional("--out-file, --output-file <file>", "where to write the result as well"),
    noPrint: { flags: "--no-print", description: "print nothing", read: (raw: unknown) => raw === false },
  },
  text: (result?: unknown) => (result === undefined ? "" : yamlOf(result)),
  run: async ({ cleanroomConfig: file, configs, outputFile, noPrint }) => {
    const sources = [];
    for (const each of [file, ...configs]) sources.push(await readSource(each));
    const merged = merge(sources);
    if (outputFile !== undefined) await writeWhole(outputFile, yamlOf(merged));
    return noPrint ? undefined : merged;
  },
});
