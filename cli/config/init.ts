import { command } from "../command.js";
import { createWhole } from "../wholeFile.js";
import { preparePrivate } from "./keys/private.js";
import { yamlOf, type Config } from "./model.js";
import { attestedIdentity } from "./model/identities.js";
import { cleanroomConfig } from "./options.js";

const empty: Config = { identities: [attestedIdentity], datasources: [], datasinks: [], applications: [] };

export default command({
  description:
    "Makes a configuration without data and applications. Keys of the party go beside it, into FILE.keys/ and FILE.private: never share them. " +
    "A file that is there stays as it is.",
  examples: [["Begin", "cleanroom config init --cleanroom-config ./publisher-demo/tdp-config"]],
  options: { cleanroomConfig },
  run: async ({ cleanroomConfig: file }, io) => {
    if (!(await createWhole(file, yamlOf(empty)))) {
      io.note(`warning: ${file} is there already and stays as it is`);
      return;
    }
    await preparePrivate(file);
  },
});
