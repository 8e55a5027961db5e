import { command } from "../command.js";
import { blockSize } from "../data/blockSize.js";
import { datastoreProtection } from "../data/datastore.js";
import { datastoreConfig, datastoreName, destinationPath, sourcePath } from "../data/datastoreOptions.js";
import { summaryText, transferring } from "../data/transfer.js";
import { DEFAULT_BLOCK_BYTES } from "../../cleanroom/blocks/layout.js";
import { decryptFolder } from "../../cleanroom/transfer/decryptFolder.js";

export default command({
  description:
    "Decrypts files that `datastore encrypt` or a clean room has written. A file gets its name when it has been verified; of one that was changed, " +
    "cut or exchanged nothing is written.",
  examples: [
    [
      "Decrypt what was downloaded",
      "cleanroom datastore decrypt --name cowin --config ./datastores --source-path ./downloads/output --destination-path ./plain",
    ],
  ],
  options: { name: datastoreName, config: datastoreConfig, source: sourcePath, destination: destinationPath, blockSize },
  text: summaryText("decrypted"),
  run: async ({ name, config, source, destination, blockSize: blockBytes = DEFAULT_BLOCK_BYTES }, io) => {
    const protection = await datastoreProtection(config, name, blockBytes);
    return transferring("decrypting", io, (watch) => decryptFolder(source, destination, protection, watch));
  },
});
