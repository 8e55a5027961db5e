import { expect, test } from "vitest";
import { table } from "../../cli/table.js";

test("of a long text a table shows the beginning, on one line", () => {
  const data = Array.from({ length: 2000 }, (_, line) => `line ${line}: ${"x".repeat(40)}`).join("\n");
  const lines = table({ id: "c1", data }).trimEnd().split("\n");
  expect(lines).toHaveLength(3);
  expect(lines[2]).toMatch(/^c1 +line 0: x+…$/);
});

test("what somebody else wrote cannot move the cursor or turn the direction of writing", () => {
  const [, , row] = table([{ id: "\u001b[2Jc1", name: "a\u202eb" }]).split("\n");
  expect(row).toBe("\\u{1b}[2Jc1  a\\u{202e}b");
});
