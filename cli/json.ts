import { readFile } from "node:fs/promises";
import { CommandError, isSystemError, UsageError } from "./failure.js";
import { decoded, readText } from "./io.js";

export type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON of a file named on the command line. @throws CommandError */
export async function readJson(file: string): Promise<unknown> {
  const text = await readText(file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CommandError(`${file} is not JSON: ${(cause as Error).message}`, { cause });
  }
}

/** @throws CommandError */
export async function readJsonObject(file: string): Promise<JsonObject> {
  const value = await readJson(file);
  if (isObject(value)) return value;
  throw new CommandError(`${file} does not hold a JSON object`);
}

/** An option whose value is a JSON object, or the name of a file that holds one. @throws UsageError */
export async function objectOrFile(option: string, value: string): Promise<JsonObject> {
  const text = (await contentsOf(value)) ?? value;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${option} is neither JSON nor the name of a file with JSON: ${value}`, { cause });
  }
  if (isObject(parsed)) return parsed;
  throw new UsageError(`${option} has to be a JSON object`);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function contentsOf(file: string): Promise<string | undefined> {
  try {
    return decoded(await readFile(file), file);
  } catch (error) {
    if (isSystemError(error)) return undefined; // then the value is the JSON itself
    throw error;
  }
}
