import { expect, test } from "vitest";
import { presenter, type Format } from "../../cli/output.js";

async function show(result: unknown, output: Format, query?: string): Promise<string> {
  return (await presenter({ output, query }))(result);
}

const members = {
  value: [
    { memberId: "aa", status: "Active", memberData: { identifier: "isv" }, votes: [1, 2] },
    { memberId: "bb", status: "Accepted", memberData: { identifier: "tdp" }, votes: [] },
  ],
};

test("JSON has an indent of two spaces and ends with a line feed", async () => {
  expect(await show({ a: [1] }, "json")).toBe('{\n  "a": [\n    1\n  ]\n}\n');
});

test("tsv prints a single text as it is, without quotes", async () => {
  expect(await show({ version: "2.17" }, "tsv", "version")).toBe("2.17\n");
  expect(await show('a "b"\n', "tsv")).toBe('a "b"\n\n');
  expect(await show(true, "tsv")).toBe("true\n");
  expect(await show(0, "tsv")).toBe("0\n");
});

test("tsv prints a list one element a line, and the fields of an element between tabs", async () => {
  expect(await show(members, "tsv", "value[].memberId")).toBe("aa\nbb\n");
  expect(await show(members, "tsv", "value[].[memberId, status]")).toBe("aa\tActive\nbb\tAccepted\n");
});

test("tsv keeps the columns in step: an object in a cell is nothing, a list its length, null is empty", async () => {
  expect(await show(members, "tsv", "value")).toBe("aa\tActive\t\t2\nbb\tAccepted\t\t0\n");
  expect(await show([["x", null, "y"]], "tsv")).toBe("x\t\ty\n");
});

test("yaml prints a document", async () => {
  expect(await show({ a: "1", b: [true] }, "yaml")).toBe('a: "1"\nb:\n  - true\n');
});

test("table prints a column for every plain field, and unwraps a list in `value`", async () => {
  expect(await show(members, "table")).toBe("memberId  status\n--------  --------\naa        Active\nbb        Accepted\n");
  expect(await show({ state: "Draft", data: { x: 1 } }, "table")).toBe("state\n-----\nDraft\n");
});

test("a query runs before the output, and what it does not find prints nothing in any format", async () => {
  expect(await show(members, "json", "value[?status=='Active'].memberData.identifier | [0]")).toBe('"isv"\n');
  for (const format of ["json", "tsv", "yaml", "table"] as const) expect(await show(members, format, "nothing")).toBe("");
  expect(await show(undefined, "json")).toBe("");
});

test("a query with a mistake is refused before the command runs", async () => {
  await expect(presenter({ output: "json", query: "value[" })).rejects.toMatchObject({ name: "UsageError" });
});
