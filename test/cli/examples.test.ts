import { expect, test } from "vitest";
import { commands } from "../../cli/commands.js";
import { callsIn } from "./commandLines.js";
import { complaint } from "./complaint.js";
import { shell } from "./run.js";

test.each(commands)("$path --help shows examples of it that can be typed as they are", async (row) => {
  const { run } = await shell();
  const { status, out, notes } = await run([...row.path.split(" "), "--help"]);
  expect({ status, notes }).toEqual({ status: 0, notes: "" });
  expect(out).toContain(`Usage: cleanroom ${row.path} [options]`);
  const examples = out.split("\nExamples:\n")[1] ?? "";
  const lines = examples.split("\n\n").map((example) => example.replace(/^ {2}# .*\n/, "").trim());
  const calls = lines.flatMap(callsIn);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(callsIn(line).length, line).toBeGreaterThan(0);
  expect(calls.filter((words) => words.join(" ").startsWith(row.path)).length, examples).toBeGreaterThan(0);
  for (const words of calls) expect(await complaint(words), words.join(" ")).toBe("");
});

test("an example that cannot be typed would be noticed", async () => {
  expect(await complaint(["governance", "contract", "show", "--ids", "c"])).not.toBe("");
  expect(await complaint(["governance", "contract", "show"])).toMatch(/required option/);
  expect(await complaint(["governance", "contract", "shw", "--id", "c"])).toMatch(/no command/);
});
