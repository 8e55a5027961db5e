import { isDeepStrictEqual } from "node:util";
import { isCollection, stringify, type Document, type CreateNodeOptions, type ToStringOptions } from "yaml";
import { whileLocked } from "../../../cleanroom/blocks/lock.js";
import type { Io } from "../../io.js";
import { writeWhole } from "../../wholeFile.js";
import type { Path } from "./located.js";
import { readSource } from "./read.js";
import type { Config } from "./specification.js";

/** Every value stands where it belongs, in full, on a line of its own: people read and compare these files. */
const style: CreateNodeOptions & ToStringOptions = { aliasDuplicateObjects: false, lineWidth: 0 };

export function yamlOf(value: unknown): string {
  return stringify(value, style);
}

/** Writes a configuration anew, in the present form. @throws CommandError */
export async function writeConfig(file: string, config: Config): Promise<void> {
  await writeWhole(file, yamlOf(config));
}

/**
 * Changes a configuration in its file. Comments and the order of things stay as they are; a file in the older form is written anew. What
 * needs no change is not written. Commands that change one file do so one after the other.
 *
 * @throws CommandError, DataError InUse, and whatever `change` throws: then the file is as it was
 */
export async function editConfig(file: string, io: Io, change: (config: Config) => Config): Promise<Config> {
  return whileLocked(file, () => edit(file, io, change));
}

async function edit(file: string, io: Io, change: (config: Config) => Config): Promise<Config> {
  const { config, seed, document } = await readSource(file);
  const after = change(config);
  if (seed) {
    io.note(`${file} was in the older form and is written anew in the present one`);
    await writeConfig(file, after);
  } else if (!isDeepStrictEqual(config, after)) {
    apply(document, [], config, after);
    await writeWhole(file, document.toString({ lineWidth: 0 }));
  }
  return after;
}

/** Carries over to a document what differs between two values. */
function apply(document: Document, path: Path, before: unknown, after: unknown): void {
  if (isDeepStrictEqual(before, after)) return;
  if (isObject(before) && isObject(after) && Array.isArray(before) === Array.isArray(after)) {
    const node = document.getIn(path, true);
    if (isCollection(node) && node.items.length === 0) node.flow = false; // an empty `[]` that begins to fill
    const keys = Object.keys(after);
    const gone = Object.keys(before).filter((key) => !keys.includes(key));
    for (const key of gone.reverse()) document.deleteIn([...path, keyIn(before, key)]);
    for (const key of keys) apply(document, [...path, keyIn(before, key)], before[key], after[key]);
  } else if (path.length === 0) {
    document.contents = document.createNode(after, style);
  } else {
    document.setIn(path, document.createNode(after, style));
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function keyIn(container: unknown, key: string): string | number {
  return Array.isArray(container) ? Number(key) : key;
}
