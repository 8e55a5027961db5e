import type { Option as CommanderOption } from "commander";
import { commands, groups } from "../commands.js";
import type { Io } from "../io.js";
import { optionsOf } from "../options.js";
import { profileNames } from "../profile.js";
import type { Row } from "../row.js";

/** Something that may stand at the cursor. */
type Candidate = readonly [word: string, meaning: string];

const help: Candidate = ["--help", "show what there is"];

/** The shell is to offer files, as it does itself. */
const files = ":file";

/**
 * What may stand at the cursor.
 *
 * @param words after `cleanroom`, up to the cursor; the last one is being written and may be empty
 * @returns a line for each word, with a tab and its meaning where it has one; or `:file`
 */
export async function complete(words: readonly string[], io: Io): Promise<string> {
  const found = await candidates(words.slice(0, -1), words.at(-1) ?? "", io);
  if (found === files) return `${files}\n`;
  return found.map(([word, meaning]) => `${word}${meaning === "" ? "" : `\t${meaning}`}\n`).join("");
}

async function candidates(before: readonly string[], word: string, io: Io): Promise<readonly Candidate[] | typeof files> {
  const row = commands.find(({ path }) => startsWith(before, path.split(" ")));
  if (!row) return starting(word, [...nextWords(before), ...(word === "" ? [] : [help])]);
  const options = optionsOf((await row.load()).default);

  // `--option=value` is one word to zsh and fish, and three to bash.
  const [, name, value] = /^(--[^=]+)=(.*)$/.exec(word) ?? [];
  const joined = options.find(({ long }) => long === name);
  if (joined && value !== undefined) {
    const values = await valuesOf(joined, row, io);
    return values === files ? files : starting(value, values).map(([text, meaning]) => [`${name}=${text}`, meaning] as const);
  }
  const [last, equals] = before.at(-1) === "=" ? [before.at(-2), true] : [before.at(-1), false];
  const asking = options.find(({ short, long, required }) => required && (last === long || (!equals && last === short)));
  if (asking) {
    const values = await valuesOf(asking, row, io);
    return values === files ? files : starting(word === "=" ? "" : word, values);
  }

  const open = options.filter(({ short, long, variadic }) => variadic || !before.some((given) => given === long || given === short));
  const several = options.find(({ long, variadic }) => variadic && long === before.findLast((given) => given.startsWith("-")));
  if (several && !word.startsWith("-")) return files; // one more value of it
  const needed = open.toSorted((a, b) => Number(b.mandatory) - Number(a.mandatory));
  return starting(word, [...needed.map(({ long, description }) => [long ?? "", description] as const), help]);
}

/** The words that stand at this place in the table of commands. */
function nextWords(before: readonly string[]): Candidate[] {
  const next = new Map<string, string>();
  for (const { path, summary } of commands) {
    const parts = path.split(" ");
    const word = parts[before.length];
    if (word === undefined || !startsWith(parts, before)) continue;
    const leaf = parts.length === before.length + 1;
    next.set(word, leaf ? summary : (groups[[...before, word].join(" ")] ?? ""));
  }
  return [...next];
}

async function valuesOf(option: CommanderOption, { path }: Row, io: Io): Promise<readonly Candidate[] | typeof files> {
  if (option.argChoices) return option.argChoices.map((choice) => [choice, ""]);
  const isClient = option.long === "--governance-client" || (option.long === "--name" && path.startsWith("governance client "));
  return isClient ? (await profileNames(io)).map((name) => [name, ""]) : files;
}

const starting = (word: string, all: readonly Candidate[]): Candidate[] => all.filter(([candidate]) => candidate.startsWith(word));

const startsWith = (words: readonly string[], beginning: readonly string[]): boolean =>
  beginning.every((word, index) => words[index] === word);
