import { command } from "../command.js";
import { datastoreStore } from "../data/datastore.js";
import { datastoreConfig, datastoreName, sourcePath } from "../data/datastoreOptions.js";
import { summaryText, transferring } from "../data/transfer.js";
import { uploadEncrypted, uploadFolder } from "../../cleanroom/transfer/uploadFolder.js";

export default command({
  description:
    "Stores the files of a folder in the container of a datastore. Where the client encrypts (CSE), these are the files that `datastore " +
    "encrypt` has made, and nothing else is sent. What is there already is not sent again.",
  examples: [["Upload what was encrypted", "cleanroom datastore upload --name cowin --config ./datastores --source-path ./encrypted"]],
  options: { name: datastoreName, config: datastoreConfig, source: sourcePath },
  text: summaryText("uploaded"),
  run: async ({ name, config, source }, io) => {
    const { mode, container, protection } = await datastoreStore(config, name, io);
    const upload = mode === "CSE" ? uploadEncrypted : uploadFolder;
    return transferring("uploading", io, (watch) => upload(source, container, protection, watch));
  },
});
