import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseQuery } from "../../../src/http/query.js";

const parsed = (query: string) => ({ ...parseQuery(query) });

describe("a query", () => {
  test("is split at & and at the first =", () => {
    expect(parsed("a=1&b=2=3&c=")).toEqual({ a: "1", b: "2=3", c: "" });
  });

  test("may begin with a second question mark, as stock clients send it", () => {
    expect(parsed("?&state=Draft&api-version=2024-07-01")).toEqual({ state: "Draft", "api-version": "2024-07-01" });
  });

  test("leaves out names without a value", () => {
    expect(parsed("")).toEqual({});
    expect(parsed("a&&b&=x")).toEqual({ "": "x" });
  });

  test("takes a parameter that is given more than once with one value for one, as clients add it to links that have it", () => {
    expect(parsed("a=1&b=2&a=1&a=1")).toEqual({ a: "1", b: "2" });
  });

  test("shows a parameter with several values as a list", () => {
    expect(parsed("a=1&a=2&a=3")).toEqual({ a: ["1", "2", "3"] });
  });

  test("reaches no prototype, whatever the names", () => {
    const query = parseQuery("__proto__=x&constructor=y&toString=z");
    expect(Object.getPrototypeOf(query)).toBeNull();
    expect(Object.keys(query).sort()).toEqual(["__proto__", "constructor", "toString"]);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  test("never fails, and keeps each value that was given once", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        for (const value of Object.values(parseQuery(text))) expect([value].flat().every((part) => text.includes(part))).toBe(true);
      }),
    );
    const word = fc.stringMatching(/^[^&=?]+$/);
    fc.assert(
      fc.property(fc.dictionary(word, fc.stringMatching(/^[^&]*$/)), (values) => {
        const query = Object.entries(values).map(([name, value]) => `${name}=${value}`).join("&"); // prettier-ignore
        expect(parsed(query)).toEqual({ ...values });
      }),
    );
  });
});
