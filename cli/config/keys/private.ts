import { randomBytes } from "node:crypto";
import { chmod, mkdir, open } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { whileLocked } from "../../../cleanroom/blocks/lock.js";
import { CommandError } from "../../failure.js";
import { createWhole, unlessMissing, writeWhole } from "../../wholeFile.js";
import { listOf, object, text } from "../model/jsonSchema.js";
import { parseYaml } from "../model/located.js";
import { checkOf } from "../model/violations.js";
import { yamlOf } from "../model/write.js";

/* What a party never shares stands beside its configuration FILE: FILE.private lists its keys, FILE.keys/ has them. */

/** One key: `datasource/NAME`, `datasink/NAME` or `kek/NAME`, and the file that holds it, relative to the folder of the configuration. */
type Entry = { readonly name: string; readonly keyFilePath: string };

const isList = checkOf(listOf(object({ name: text, keyFilePath: text })));

/** Bytes of a data encryption key (AES-256). */
const DEK_BYTES = 32;

/** Makes what a configuration keeps to itself: an empty list, and a folder for its owner alone. */
export async function preparePrivate(config: string): Promise<void> {
  await privateFolder(`${config}.keys`);
  await createWhole(`${config}.private`, "[]\n", 0o600);
}

/** Makes a data encryption key in a file, for its owner alone; one that is there stays. @throws CommandError */
export async function makeDek(file: string): Promise<void> {
  await privateFolder(dirname(file));
  if (!(await createWhole(file, randomBytes(DEK_BYTES), 0o600))) await readDekFile(file);
}

/** The file beside a configuration that has the key of a datasource or datasink, unless the list says another. */
export function dekFileOf(config: string, name: string): string {
  return join(`${config}.keys`, `${name}.bin`);
}

/** The file beside a configuration that has a key encryption key. */
export function kekFileOf(config: string, name: string): string {
  return join(`${config}.keys`, `${name}.pem`);
}

/** Enters a key in the list, in place of another of that name. @throws CommandError, DataError InUse */
export async function listKey(config: string, name: string, file: string): Promise<void> {
  await preparePrivate(config);
  const keyFilePath = relative(dirname(resolve(config)), resolve(file));
  await whileLocked(`${config}.private`, async () => {
    const before = await keysOf(config);
    const after = [...before.filter((entry) => entry.name !== name), { name, keyFilePath }];
    if (before.some((entry) => entry.name === name && entry.keyFilePath === keyFilePath)) return;
    await writeWhole(`${config}.private`, yamlOf(after));
  });
}

/**
 * The data encryption key of a datasource or datasink, 32 bytes.
 *
 * @param otherwise where it is if the list has none
 * @throws CommandError when it is not here, or others can read it
 */
export async function readDek(
  config: string,
  kind: "datasource" | "datasink",
  name: string,
  otherwise?: () => Promise<string | undefined>,
): Promise<Buffer> {
  const listed = (await keysOf(config)).find((entry) => entry.name === `${kind}/${name}`)?.keyFilePath;
  const file = listed === undefined ? ((await otherwise?.()) ?? dekFileOf(config, name)) : resolve(dirname(config), listed);
  const key = await unlessMissing(readDekFile(file));
  if (key) return key;
  throw new CommandError(`there is no key of ${kind} "${name}": ${file} is missing. Only the party that added the ${kind} has it`);
}

/** A file with a private key, which nobody else may read. @throws CommandError when others can */
export async function readPrivate(file: string): Promise<Buffer> {
  const handle = await open(file, "r");
  try {
    const { mode } = await handle.stat();
    if ((mode & 0o077) !== 0) throw new CommandError(`${file} can be read by others: chmod 600 ${file}`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** A data encryption key, 32 bytes. @throws CommandError, and what the system says */
export async function readDekFile(file: string): Promise<Buffer> {
  const key = await readPrivate(file);
  if (key.length === DEK_BYTES) return key;
  throw new CommandError(`${file} is no data encryption key: it has ${key.length} bytes instead of ${DEK_BYTES}`);
}

async function keysOf(config: string): Promise<readonly Entry[]> {
  const file = `${config}.private`;
  const found = await unlessMissing(readPrivate(file));
  if (!found) return [];
  const { content, at } = parseYaml(file, found.toString("utf8"));
  const [violation] = isList(content);
  if (violation) throw new CommandError(`${at(violation.path)}: ${basename(file)} lists private keys: ${violation.text}`);
  return content as Entry[];
}

async function privateFolder(folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (made !== undefined) await chmod(folder, 0o700);
}
