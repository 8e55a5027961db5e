import { CommandError } from "../../failure.js";
import { readText } from "../../io.js";
import { parseYaml, type LocatedYaml, type Path } from "./located.js";
import { configSchema } from "./schema.js";
import { fromSeedForm } from "./seedForm.js";
import { seedSchema, type SeedConfig } from "./seedSchema.js";
import type { Config } from "./specification.js";
import { checkOf, type Violation } from "./violations.js";

/** A configuration as it stands in a file. */
export type Source = Omit<LocatedYaml, "content"> & {
  readonly config: Config;
  /** The older form where the file has it; what is written is always the present one. */
  readonly seed?: SeedConfig;
};

const inPresentForm = checkOf(configSchema);
const inOlderForm = checkOf(seedSchema);

/** Violations beyond these are only counted. */
const MANY = 20;

/** @throws CommandError, which says where the file is no configuration */
export async function readConfig(file: string): Promise<Config> {
  return (await readSource(file)).config;
}

/** @throws CommandError, which says where the file is no configuration */
export async function readSource(file: string): Promise<Source> {
  return parseConfig(file, await readText(file));
}

/** Reads the text of a configuration, in either form, which came from a file or a contract. @throws CommandError */
export function parseConfig(file: string, text: string): Source {
  const { content, ...yaml } = parseYaml(file, text);
  if (typeof content === "object" && content !== null && "specification" in content) {
    refuse(inOlderForm(content), yaml);
    const seed = content as unknown as SeedConfig; // by the schema
    const at = (path: Path): string => yaml.at(seedPath(path));
    return { ...yaml, at, seed, config: fromSeedForm(seed, (path, reason) => new CommandError(`${at(path)}: ${reason}`)) };
  }
  refuse(inPresentForm(content), yaml);
  return { ...yaml, config: content as Config };
}

/** Where the older form has what the present one has at a path. */
function seedPath([first, ...rest]: Path): Path {
  if (first === undefined || first === "identities" || first === "kek") return first === undefined ? [] : [first, ...rest];
  if (first === "network") return ["networkPolicy"];
  if (first === "governance") return ["specification", ...rest];
  return first === "sandbox" ? ["sandbox"] : ["specification", first, ...rest];
}

function refuse(violations: readonly Violation[], { at }: Pick<LocatedYaml, "at">): void {
  if (violations.length === 0) return;
  const lines = violations.slice(0, MANY).map(({ path, text }) => `${at(path)}: ${text}`);
  if (violations.length > MANY) lines.push(`and ${violations.length - MANY} more`);
  throw new CommandError(lines.join("\n  "));
}
