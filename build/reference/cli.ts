import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Command } from "../../cli/command.js";
import type { groups, Row } from "../../cli/commands.js";
import { block, code, paragraphs, table } from "./markdown.js";

type Commands = { readonly commands: readonly Row[]; readonly groups: typeof groups };

const optionTable = ({ options }: Command): string =>
  table(
    ["option", "", "meaning"],
    Object.values(options).map(({ flags, description, required = false, choices = [] }) => [
      code(flags),
      required ? "required" : "",
      choices.length > 0 ? `${description} (${choices.join(", ")})` : description,
    ]),
  );

function section({ path: words }: Row, command: Command): string {
  const lines = command.examples.map(([purpose, line]) => `# ${purpose}\n${line}`);
  return paragraphs(`### cleanroom ${words}`, command.description, optionTable(command), block("sh", lines.join("\n\n")));
}

/** The reference of the command, from its own definitions as they were built: `docs/cli.md`. */
export async function cliReference(root: string): Promise<string> {
  const { commands, groups } = (await import(pathToFileURL(path.join(root, "dist/cli/commands.js")).href)) as Commands;
  const groupOf = ({ path: words }: Row): string => words.split(" ").slice(0, -1).join(" ");
  const parts: string[] = [];
  let group: string | undefined;
  for (const row of commands) {
    if (groupOf(row) !== group) {
      group = groupOf(row);
      parts.push(`## ${groups[group] ?? group}`);
    }
    parts.push(section(row, (await row.load()).default));
  }
  return `${paragraphs((await readFile(path.join(root, "docs/parts/cli.md"), "utf8")).trim(), ...parts)}\n`;
}
