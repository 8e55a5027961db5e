import { expect, test } from "vitest";
import { parseBody } from "../../../sandbox/enclave/gov/body.js";

const parse = (text: string): unknown => parseBody(Buffer.from(text));

test("a body that is JSON is read", () => {
  expect(parse(' {"ballot": "x"} ')).toEqual({ ballot: "x" });
});

const VALUE = "'[', '{', or a literal";

test.each([
  ["", "1, column 1: attempting to parse an empty input; check that your input string or stream contains the expected JSON"],
  [" ", `1, column 2: syntax error while parsing value - unexpected end of input; expected ${VALUE}`],
  ["zzz", "1, column 1: syntax error while parsing value - invalid literal; last read: 'z'"],
  ["tru", "1, column 4: syntax error while parsing value - invalid literal; last read: 'tru'"],
  ["export function", "1, column 1: syntax error while parsing value - invalid literal; last read: 'e'"],
  ["\n  this", "2, column 4: syntax error while parsing value - invalid literal; last read: '<U+000A>  th'"],
  ['{"a": }', `1, column 7: syntax error while parsing value - unexpected '}'; expected ${VALUE}`],
  ['{"foo"', "1, column 7: syntax error while parsing object separator - unexpected end of input; expected ':'"],
  ["{s", "1, column 2: syntax error while parsing object key - invalid literal; last read: '{s'; expected string literal"],
  ['{"a": 1,}', "1, column 9: syntax error while parsing object key - unexpected '}'; expected string literal"],
  ['{"a": [{}, true] "b"}', "1, column 20: syntax error while parsing object - unexpected string literal; expected '}'"],
  ["[1", "1, column 3: syntax error while parsing array - unexpected end of input; expected ']'"],
  ["[1,", `1, column 4: syntax error while parsing value - unexpected end of input; expected ${VALUE}`],
  ["[01]", "1, column 3: syntax error while parsing array - unexpected number literal; expected ']'"],
  ["[1\nx]", "2, column 1: syntax error while parsing array - invalid literal; last read: '1<U+000A>x'; expected ']'"],
  ["{} {}", "1, column 4: syntax error while parsing value - unexpected '{'; expected end of input"],
  ["-", "1, column 2: syntax error while parsing value - invalid number; expected digit after '-'; last read: '-'"],
  ["1.e", "1, column 3: syntax error while parsing value - invalid number; expected digit after '.'; last read: '1.e'"],
  ["1e+", "1, column 4: syntax error while parsing value - invalid number; expected digit after exponent sign; last read: '1e+'"],
  ['"ü', "1, column 4: syntax error while parsing value - invalid string: missing closing quote; last read: '\"ü'"],
  ['"\\x"', "1, column 3: syntax error while parsing value - invalid string: forbidden character after backslash; last read: '\"\\x'"],
  [
    '"\n"',
    "2, column 0: syntax error while parsing value - " +
      "invalid string: control character U+000A (LF) must be escaped to \\u000A or \\n; last read: '\"<U+000A>'",
  ],
])("the failure to read %j is told in the words of CCF's JSON library", (text, message) => {
  let told = "";
  try {
    parse(text);
  } catch (error) {
    told = (error as Error).message;
  }
  expect(told).toBe(`[json.exception.parse_error.101] parse error at line ${message}`);
});
