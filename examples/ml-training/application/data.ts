import path from "node:path";
import type { QueryConfiguration } from "./configuration.js";
import { textOf } from "./files.js";
import { join, type Joined } from "./join.js";
import { placeOf } from "./place.js";
import { readTable } from "./table.js";

/** Of a file of a dataset: all is held in memory. */
const MOST_MB = 64;

/** Reads the datasets and joins them. @throws Fault */
export async function readData({ datasets, joiningKey, identifiers }: QueryConfiguration, env: NodeJS.ProcessEnv): Promise<Joined> {
  const tables = [];
  for (const { mountPath, file, columns } of datasets) {
    const text = await textOf(path.join(placeOf(mountPath, env), file), file, MOST_MB);
    tables.push({ name: file, columns, rows: readTable(text, columns, file) });
  }
  return join(tables, joiningKey, identifiers);
}
