import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { constitutionText } from "./service.js";

test("the documentation names every action that can be proposed, and the options and roles that decide about it", async () => {
  const text = await readFile("docs/governance.md", "utf8");
  const documented = new Set([...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  const actions = [...constitutionText.matchAll(/^action\(\s*"(\w+)"/gm)].map(([, name]) => name);
  expect(actions.length).toBeGreaterThan(60);
  expect(actions.filter((name) => !documented.has(name))).toEqual([]);
  const options = [...constitutionText.matchAll(/"(autoapprove-[\w-]+)"/g)].map(([, name]) => name);
  expect(options.filter((name) => !documented.has(name))).toEqual([]);
});
