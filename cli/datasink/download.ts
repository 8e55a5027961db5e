import { join } from "node:path";
import { command, required } from "../command.js";
import { cleanroomConfig } from "../config/options.js";
import { pointStore } from "../data/point.js";
import { summaryText, transferring } from "../data/transfer.js";
import { downloadFolder } from "../../cleanroom/transfer/downloadFolder.js";

export default command({
  description:
    "Fetches the files of a datasink and decrypts them, into a folder of its name below the target. A file that was changed, cut or " +
    "exchanged is an error that names it, and nothing of it is written.",
  examples: [
    [
      "Get what the clean room has computed",
      "cleanroom datasink download --cleanroom-config ./tdc-config --name output --target-folder ./consumer-output",
    ],
  ],
  options: {
    cleanroomConfig,
    name: required("--name <name>", "the datasink"),
    folder: required("--target-folder <folder>", "where the folder of the datasink is made"),
  },
  text: summaryText("downloaded"),
  run: async ({ cleanroomConfig: file, name: sink, folder }, io) => {
    const { name, container, protection } = await pointStore(file, "datasink", sink, io);
    return transferring("downloading", io, (watch) => downloadFolder(container, join(folder, name), protection, watch));
  },
});
