import { DataError } from "../blocks/dataError.js";
import { isOwnFile } from "./manifest.js";

/**
 * Characters of a blob's name, in UTF-16, and parts of its path; Azure takes no more. It also asks for parts that do not end with a dot.
 * https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
 */
const LONGEST = 1024;
const MOST_PARTS = 254;

/** Names beyond these are only counted. */
const NAMED = 10;

/**
 * Why a file of that name could not be stored, and come back under the same name: what follows the name in a sentence. Undefined where it
 * can.
 *
 * @param name its path in the folder, with `/`
 */
export function whyNotStorable(name: string): string | undefined {
  const parts = name.split("/");
  // A list of blobs is XML, which cannot say most of them: one such name keeps all the others from being listed.
  if (/[\p{Cc}\p{Noncharacter_Code_Point}]/u.test(name)) return "has a control character in its name";
  // Node puts U+FFFD where a name on the disk is no UTF-8; under that name there is no file.
  if (/[\p{Surrogate}\ufffd]/u.test(name)) return "has a name that is not Unicode";
  // Those who make addresses of names take it for a slash.
  if (name.includes("\\")) return "has a backslash in its name";
  if (parts.includes("")) return "has an empty part in its path";
  if (parts.some((part) => part.endsWith("."))) return "has a dot at the end of a part of its path";
  if (parts.some(isOwnFile)) return "has a name that is kept for what encrypts files";
  if (name.length > LONGEST) return `has a path of ${name.length} characters, of which a store takes ${LONGEST}`;
  if (parts.length > MOST_PARTS) return `has ${parts.length} parts in its path, of which a store takes ${MOST_PARTS}`;
  return undefined;
}

/** @throws DataError NameRefused that lists the names, and says why; with no names, nothing */
export function refuseNames(names: readonly string[]): void {
  const reasons = names.map((name) => `${JSON.stringify(name)} ${whyNotStorable(name) ?? "cannot be stored"}`);
  const [first] = reasons;
  if (first === undefined) return;
  if (reasons.length === 1) throw new DataError("NameRefused", `${first}: nothing was written; rename it, or put it elsewhere`);
  const lines = reasons.length > NAMED ? [...reasons.slice(0, NAMED), `and ${reasons.length - NAMED} more`] : reasons;
  throw new DataError(
    "NameRefused",
    `${names.length} names cannot be stored: nothing was written; rename the files, or put them elsewhere`,
    {
      lines,
    },
  );
}

/**
 * A store can have both `a` and `a/b`, a folder cannot: whoever fetched them would get neither that nor the rest.
 *
 * @param names of the files that are to be stored
 * @param present names of what is stored
 * @throws DataError NameRefused
 */
export function refuseClashes(names: readonly string[], present: ReadonlySet<string>): void {
  const files = new Set(names);
  const clash = firstBelow(names, present) ?? firstBelow([...present], files);
  if (!clash) return;
  const [below, file] = clash.map((name) => JSON.stringify(name));
  throw new DataError(
    "NameRefused",
    `the container would have the file ${file} and, in a folder of that name, ${below}: nothing was written; rename what is new, or remove what is there`,
  );
}

/** The first name with a folder that is a file of the others. */
function firstBelow(names: readonly string[], others: ReadonlySet<string>): readonly [string, string] | undefined {
  for (const name of names) {
    for (let at = name.indexOf("/"); at >= 0; at = name.indexOf("/", at + 1)) {
      const folder = name.slice(0, at);
      if (others.has(folder)) return [name, folder];
    }
  }
  return undefined;
}
