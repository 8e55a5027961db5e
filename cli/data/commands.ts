import type { Row } from "../row.js";

export const dataGroups: Readonly<Record<string, string>> = {
  datasource: "Data that the clean room reads",
  datasink: "What the clean room has written",
  logs: "Output of the applications",
  telemetry: "What the clean room reports of itself",
};

/** What moves data between this machine and where the clean room finds it. */
export const dataCommands: readonly Row[] = [
  { path: "datastore encrypt", summary: "Encrypt files for a datastore", load: () => import("../datastore/encrypt.js") },
  { path: "datastore decrypt", summary: "Decrypt files of a datastore", load: () => import("../datastore/decrypt.js") },
  { path: "datastore upload", summary: "Store encrypted files", load: () => import("../datastore/upload.js") },
  { path: "datastore download", summary: "Fetch files as they are stored", load: () => import("../datastore/download.js") },
  { path: "datasource upload", summary: "Encrypt and store a folder", load: () => import("../datasource/upload.js") },
  { path: "datasink download", summary: "Fetch and decrypt results", load: () => import("../datasink/download.js") },
  { path: "logs download", summary: "Fetch the logs of applications", load: () => import("../logs/download.js") },
  { path: "logs decrypt", summary: "Decrypt logs that were fetched", load: () => import("../logs/decrypt.js") },
  { path: "telemetry download", summary: "Fetch metrics, traces and logs", load: () => import("../telemetry/download.js") },
  { path: "telemetry decrypt", summary: "Decrypt telemetry that was fetched", load: () => import("../telemetry/decrypt.js") },
];
