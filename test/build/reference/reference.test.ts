import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { endpointsOf, readAppMap } from "../../../build/appMap.js";
import { anchor } from "../../../build/reference/markdown.js";
import { commands } from "../../../cli/commands.js";

const root = path.resolve(import.meta.dirname, "../../..");
const read = (name: string) => readFile(path.join(root, "docs", name), "utf8");

test("the reference of the application has a row for each route, and each row leads to a description with an example", async () => {
  const text = await read("api.md");
  const sections = new Map(text.split(/^### /m).slice(1).map((section) => [anchor(section.split("\n")[0] ?? ""), section])); // prettier-ignore
  for (const { url, verb } of endpointsOf(await readAppMap(root))) {
    const name = `${verb.toUpperCase()} ${url}`;
    const [, link = ""] = text.split(`[\`${name}\`](#`);
    const section = sections.get(link.slice(0, link.indexOf(")"))) ?? "";
    expect(section).toContain(name);
    expect(section).toContain("# answer: ");
  }
});

test("the reference of the command describes each command with its options and examples", async () => {
  const text = await read("cli.md");
  for (const { path: words, load } of commands) {
    const { default: command } = await load();
    const section = text.split(`### cleanroom ${words}\n`)[1]?.split(/^##/m)[0] ?? "";
    expect(section).toContain(command.description);
    for (const { flags } of Object.values(command.options)) expect(section).toContain(flags);
    for (const [, line] of command.examples) expect(section).toContain(line);
  }
});
