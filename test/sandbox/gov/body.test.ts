import { expect, test } from "vitest";
import { parseBody } from "../../../sandbox/enclave/gov/body.js";

const parse = (text: string): unknown => parseBody(Buffer.from(text));

test("a body that is JSON is read", () => {
  expect(parse(' {"ballot": "x"} ')).toEqual({ ballot: "x" });
});

test.each([
  ["", "line 1, column 1: attempting to parse an empty input; check that your input string or stream contains the expected JSON"],
  ["zzz", "line 1, column 1: syntax error while parsing value - invalid literal; last read: 'z'"],
  ["export function", "line 1, column 1: syntax error while parsing value - invalid literal; last read: 'e'"],
  ["\n  this", "line 2, column 4: syntax error while parsing value - invalid literal; last read: 'th'"],
  ['{"a": }', "syntax error while parsing value"],
])("the failure to read %j names the place", (text, message) => {
  expect(() => parse(text)).toThrow(message);
  expect(() => parse(text)).toThrow(/^\[json\.exception\.parse_error\.101\] parse error at line \d+, column \d+: /);
});
