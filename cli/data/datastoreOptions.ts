import { required } from "../command.js";

export const datastoreName = required("--datastore-name, --name <name>", "the datastore");
export const datastoreConfig = required("--datastore-config, --config <file>", "where the datastore is described");
export const sourcePath = required("--source-path, --src <path>", "folder with the files, or one file");
export const destinationPath = required("--destination-path, --dst <folder>", "where the files are written");
