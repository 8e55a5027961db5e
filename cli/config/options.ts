import { parsed, required, type Option } from "../command.js";
import { UsageError } from "../failure.js";
import { name as nameSchema } from "./model/jsonSchema.js";

export const cleanroomConfig = required("--cleanroom-config <file>", "configuration of the party");

/** A number above zero. */
export function amount(flags: string, description: string): Option<number | undefined> {
  return parsed(flags, description, (text) => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
    throw new UsageError(`${flags.split(" ")[0] ?? flags} wants a number above zero, not "${text}"`);
  });
}

/** A port of TCP. @throws UsageError */
export function portOf(text: string, option: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65535) return port;
  throw new UsageError(`${option} wants a port from 1 to 65535, not "${text}"`);
}

/** What `NAME=VALUE` words say. @throws UsageError for a word without `=`, and for a name that comes twice */
export function assignments(words: readonly string[], option: string): Record<string, string> {
  const found = new Map<string, string>();
  for (const word of words) {
    const place = word.indexOf("=");
    if (place < 1) throw new UsageError(`${option} wants NAME=VALUE, not "${word}"`);
    const name = word.slice(0, place);
    if (found.has(name)) throw new UsageError(`${option} has "${name}" twice`);
    found.set(name, word.slice(place + 1));
  }
  return Object.fromEntries(found);
}

/** A name that a configuration can have. @throws UsageError */
export function checkedName(name: string, option: string): string {
  if (new RegExp(nameSchema.pattern).test(name)) return name;
  throw new UsageError(`${option} wants ${nameSchema.description}, at most 100 characters, not "${name}"`);
}
