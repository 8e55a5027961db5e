import { expect, test } from "vitest";
import { remembered } from "../../../sandbox/enclave/js/globals/crypto/remembered.js";

function counted(size: number) {
  const computed: string[] = [];
  const upperCase = remembered(size, (text) => {
    computed.push(text);
    if (text === "") throw new Error("nothing to do");
    return text.toUpperCase();
  });
  return { computed, upperCase };
}

test("a result is computed once while it is among the last asked for", () => {
  const { computed, upperCase } = counted(2);
  expect(["a", "b", "a", "c", "a", "b"].map(upperCase)).toEqual(["A", "B", "A", "C", "A", "B"]);
  expect(computed).toEqual(["a", "b", "c", "b"]);
});

test("failures and long texts are not remembered", () => {
  const { computed, upperCase } = counted(2);
  expect(() => upperCase("")).toThrow("nothing to do");
  expect(() => upperCase("")).toThrow("nothing to do");
  const long = "x".repeat(100_000);
  expect(upperCase(long)).toBe(upperCase(long));
  expect(computed).toEqual(["", "", long, long]);
});
