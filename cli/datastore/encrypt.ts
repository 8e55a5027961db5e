import { command } from "../command.js";
import { blockSize } from "../data/blockSize.js";
import { datastoreProtection } from "../data/datastore.js";
import { datastoreConfig, datastoreName, destinationPath, sourcePath } from "../data/datastoreOptions.js";
import { summaryText, transferring } from "../data/transfer.js";
import { DEFAULT_BLOCK_BYTES } from "../../cleanroom/blocks/layout.js";
import { encryptFolder } from "../../cleanroom/transfer/encryptFolder.js";

export default command({
  description:
    "Encrypts files with the key of a datastore, in the blocks that clean rooms mount, beside a manifest by which `decrypt` notices whatever is " +
    "changed later. Files that are there already, from the same content, stay.",
  examples: [
    [
      "Encrypt a folder",
      "cleanroom datastore encrypt --name cowin --config ./datastores --source-path ./input --destination-path ./encrypted",
    ],
  ],
  options: { name: datastoreName, config: datastoreConfig, source: sourcePath, destination: destinationPath, blockSize },
  text: summaryText("encrypted"),
  run: async ({ name, config, source, destination, blockSize: blockBytes = DEFAULT_BLOCK_BYTES }, io) => {
    const protection = await datastoreProtection(config, name, blockBytes);
    return transferring("encrypting", io, (watch) => encryptFolder(source, destination, protection, watch));
  },
});
