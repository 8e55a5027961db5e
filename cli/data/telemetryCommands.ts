import { join } from "node:path";
import { command, optional, required, type Command } from "../command.js";
import { cleanroomConfig } from "../config/options.js";
import { downloadFolder } from "../../cleanroom/transfer/downloadFolder.js";
import { decryptFolder } from "../../cleanroom/transfer/decryptFolder.js";
import type { Summary } from "../../cleanroom/transfer/progress.js";
import { DEFAULT_BLOCK_BYTES } from "../../cleanroom/blocks/layout.js";
import { datastoreProtection, datastoreStore } from "./datastore.js";
import { destinationPath, sourcePath } from "./datastoreOptions.js";
import { downloadStored } from "./downloadStored.js";
import { storeAt, telemetrySinks } from "./point.js";
import { summaryText, transferring } from "./transfer.js";

type Kind = "application" | "infrastructure";

const told = {
  application: { group: "logs", what: "what the applications wrote to their output" },
  infrastructure: { group: "telemetry", what: "metrics, traces and logs of the clean room itself" },
} as const;

/** `logs download` and `telemetry download` */
export function telemetryDownload(kind: Kind): Command {
  const { group, what } = told[kind];
  return command({
    description:
      `Fetches ${what} and decrypts it, into a folder of the datasink's name below the target. With --datastore-config it stays as it is ` +
      `stored: \`${group} decrypt\` reads it.`,
    examples: [
      [
        "Read what the clean room has left",
        `cleanroom ${group} download --cleanroom-config ./tdp-config --target-folder ./publisher-demo/logs`,
      ],
    ],
    options: {
      cleanroomConfig,
      folder: required("--target-folder <folder>", "where the folder of the datasink is made"),
      datastoreConfig: optional("--datastore-config <file>", "where the datastore of the datasink is described"),
    },
    text: summaryText("downloaded"),
    run: async ({ cleanroomConfig: file, folder, datastoreConfig }, io) => {
      const summaries: Summary[] = [];
      for (const sink of await telemetrySinks(file, kind)) {
        if (datastoreConfig !== undefined) {
          summaries.push(await downloadStored(await datastoreStore(datastoreConfig, sink.store.id, io), folder, io));
          continue;
        }
        const { name, container, protection } = await storeAt(file, "datasink", sink, io);
        summaries.push(await transferring("downloading", io, (watch) => downloadFolder(container, join(folder, name), protection, watch)));
      }
      return total(summaries);
    },
  });
}

/** `logs decrypt` and `telemetry decrypt` */
export function telemetryDecrypt(kind: Kind): Command {
  const { group, what } = told[kind];
  return command({
    description: `Decrypts ${what}, as \`${group} download\` with --datastore-config has fetched it.`,
    examples: [
      [
        "Decrypt what was downloaded",
        `cleanroom ${group} decrypt --cleanroom-config ./tdp-config --datastore-config ./datastores --source-path ./${group} --destination-path ./plain`,
      ],
    ],
    options: {
      cleanroomConfig,
      datastoreConfig: required("--datastore-config <file>", "where the datastore of the datasink is described"),
      source: sourcePath,
      destination: destinationPath,
    },
    text: summaryText("decrypted"),
    run: async ({ cleanroomConfig: file, datastoreConfig, source, destination }, io) => {
      const summaries: Summary[] = [];
      for (const { store } of await telemetrySinks(file, kind)) {
        const protection = await datastoreProtection(datastoreConfig, store.id, DEFAULT_BLOCK_BYTES);
        const [from, to] = [join(source, store.id), join(destination, store.id)];
        summaries.push(await transferring("decrypting", io, (watch) => decryptFolder(from, to, protection, watch)));
      }
      return total(summaries);
    },
  });
}

function total(summaries: readonly Summary[]): Summary {
  const sum = (field: keyof Summary): number => summaries.reduce((so, summary) => so + summary[field], 0);
  return { done: sum("done"), unchanged: sum("unchanged"), bytes: sum("bytes"), unsealed: sum("unsealed") };
}
