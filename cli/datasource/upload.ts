import { command, required } from "../command.js";
import { cleanroomConfig } from "../config/options.js";
import { pointStore } from "../data/point.js";
import { summaryText, transferring } from "../data/transfer.js";
import { uploadFolder } from "../../cleanroom/transfer/uploadFolder.js";

export default command({
  description:
    "Encrypts the files of a folder and stores them in the container of a datasource, under their paths. Files that are there already, from " +
    "the same content, are not sent again; so a call that was interrupted is repeated.",
  examples: [
    [
      "Encrypt and upload a folder",
      "cleanroom datasource upload --cleanroom-config ./tdp-config --name cowin --dataset-folder ./publisher-input/cowin",
    ],
  ],
  options: {
    cleanroomConfig,
    name: required("--name <name>", "the datasource"),
    folder: required("--dataset-folder <folder>", "folder with the files"),
  },
  text: summaryText("uploaded"),
  run: async ({ cleanroomConfig: file, name, folder }, io) => {
    const { container, protection } = await pointStore(file, "datasource", name, io);
    return transferring("uploading", io, (watch) => uploadFolder(folder, container, protection, watch));
  },
});
