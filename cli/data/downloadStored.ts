import { join } from "node:path";
import type { Io } from "../io.js";
import type { Summary } from "../../cleanroom/transfer/progress.js";
import { downloadEncrypted, downloadFolder } from "../../cleanroom/transfer/downloadFolder.js";
import type { Store } from "../../cleanroom/transfer/store.js";
import { transferring } from "./transfer.js";

/** Fetches files as they are stored: those that the client encrypts stay encrypted. */
export function downloadStored({ name, mode, container, protection }: Store, destination: string, io: Io): Promise<Summary> {
  const download = mode === "CSE" ? downloadEncrypted : downloadFolder;
  return transferring("downloading", io, (watch) => download(container, join(destination, name), protection, watch));
}
