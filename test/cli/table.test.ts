import { expect, test } from "vitest";
import { table } from "../../cli/table.js";

test("of a long text a table shows the beginning, on one line", () => {
  const data = Array.from({ length: 2000 }, (_, line) => `line ${line}: ${"x".repeat(40)}`).join("\n");
  const lines = table({ id: "c1", data }).trimEnd().split("\n");
  expect(lines).toHaveLength(3);
  expect(lines[2]).toMatch(/^c1 +line 0: x+…$/);
});
