import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonical, type Json } from "../../build/canonical.js";

const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    fc.string({ unit: "binary" }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string({ unit: "binary" }), fc.nat().map(String)), tie("value"), { maxKeys: 4 }),
  ),
})).value;

describe("the canonical text", () => {
  test("sorts keys by code point, indents by two spaces, escapes only what it must and ends without a newline", () => {
    const value = { "\u{1F600}": 1, "\uFFFD": 2, b: [], a: { 10: "é\n", 9: {} }, B: [1, [2]] };
    expect(canonical(value)).toBe(
      '{\n  "B": [\n    1,\n    [\n      2\n    ]\n  ],\n  "a": {\n    "10": "é\\n",\n    "9": {}\n  },\n  "b": [],\n  "\uFFFD": 2,\n  "\u{1F600}": 1\n}',
    );
  });

  test("says the same as the value, in whatever order its keys were written", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  const python = spawnSync("python3", ["--version"]).status === 0;
  test.runIf(python)("is what Python's json.dumps writes", () => {
    fc.assert(
      fc.property(fc.array(json, { minLength: 50, maxLength: 100 }), (values) => {
        const script = "import json,sys; sys.stdout.write(json.dumps(json.load(sys.stdin),indent=2,sort_keys=True,ensure_ascii=False))";
        const { stdout } = spawnSync("python3", ["-X", "utf8", "-c", script], { input: JSON.stringify(values), encoding: "utf8" });
        expect(canonical(values)).toBe(stdout);
      }),
      { numRuns: 5 },
    );
  });
});
