import { expect, test } from "vitest";
import { BlobError } from "../../azure/blob.js";
import { CommandError, describeFailure, describeInFull } from "../../cli/failure.js";

test.each([
  ["the name of a blob", new BlobError("BlobNotFound", 404, "data/a\u001b[2J\nerror: forged: not found"), "a\\u{1b}[2J\\nerror: forged"],
  [
    "the name of a file",
    Object.assign(new Error("EACCES: permission denied, open '/a\u001b[2J\nb'"), { code: "EACCES", syscall: "open" }),
    "/a\\u{1b}[2J\\nb'",
  ],
  ["an unexpected text", new Error("odd \u009b2J"), "odd \\u{9b}2J"],
])("%s in an error does nothing to a terminal", (_, error, shown) => {
  expect(describeFailure(error)).toContain(shown);
  expect(describeInFull(error)).not.toMatch(/[\u001b\u009b]/);
});

test("an error that has lines of its own keeps them", () => {
  expect(describeFailure(new CommandError("first\n  second\u001b[m"))).toBe("error: first\n  second\\u{1b}[m");
});
