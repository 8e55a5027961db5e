import { expect, test } from "vitest";
import { MAX_DEPTH, problemWithJson } from "../../../src/encoding/json.js";

const nested = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels)) as unknown;

test("JSON of reasonable depth can be stored as it is", () => {
  expect(problemWithJson({ a: [1, "x", null, true, { b: -2.5 }] })).toBeUndefined();
  expect(problemWithJson(nested(MAX_DEPTH))).toBeUndefined();
});

test("JSON that is nested too deeply is refused", () => {
  expect(problemWithJson(nested(MAX_DEPTH + 1))).toBe("is nested more than 64 levels deep");
});

test("a number that JSON would write back as null is refused, wherever it stands", () => {
  expect(problemWithJson(JSON.parse("1e400"))).toBe("has a number that is too large");
  expect(problemWithJson(JSON.parse('{"a":[{"b":-1e999}]}'))).toBe("has a number that is too large");
});
