/* The configuration of a clean room: what other commands, and the agent's side, need of it. */
export { findingsIn, type Finding } from "./model/checks.js";
export { nameUnder, underContract } from "./model/contractNames.js";
export { authorityOf, encryptionModes, modeOf, type EncryptionMode } from "./model/encryptionMode.js";
export { merge } from "./model/merge.js";
export { parseConfig, readConfig, readSource, type Source } from "./model/read.js";
export type { AccessPoint, Application, Config, Datasink, Datasource, Identity, Kek, Specification } from "./model/specification.js";
export { editConfig, writeConfig, yamlOf } from "./model/write.js";
