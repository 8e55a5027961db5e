import { command } from "../command.js";
import { datastoreStore } from "../data/datastore.js";
import { datastoreConfig, datastoreName, destinationPath } from "../data/datastoreOptions.js";
import { downloadStored } from "../data/downloadStored.js";
import { summaryText } from "../data/transfer.js";

export default command({
  description:
    "Fetches the files of a datastore, into a folder of its name below the destination. Where the client encrypts (CSE), they stay encrypted: " +
    "`datastore decrypt` reads them.",
  examples: [["Download a datastore", "cleanroom datastore download --name output --config ./datastores --destination-path ./downloads"]],
  options: { name: datastoreName, config: datastoreConfig, destination: destinationPath },
  text: summaryText("downloaded"),
  run: async ({ name, config, destination }, io) => downloadStored(await datastoreStore(config, name, io), destination, io),
});
