import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changed } from "../../../src/kv/policyChange.js";

const HOST = "x-ms-sevsnpvm-hostdata";
const MEASUREMENT = "x-ms-sevsnpvm-launchmeasurement";
const DEBUG = "x-ms-sevsnpvm-is-debuggable";
const [h1, h2] = ["1".repeat(64), "2".repeat(64)];
const m1 = "a".repeat(96);

const policy = (of: Readonly<Record<string, readonly unknown[]>>) => new Map(Object.entries(of));

/** Whether a policy can take up the claim with this one value. */
const isClaim = (name: string, value: unknown) =>
  typeof changed(policy({ [MEASUREMENT]: [m1] }), { type: "add", claims: Object.fromEntries([[name, [value]]]) }) !== "string";

describe("a claim of a policy", () => {
  test.each([
    [HOST, h1],
    [MEASUREMENT, m1],
    [DEBUG, true],
    ["x-ms-ver", "3"],
    ["x-ms-sevsnpvm-vmpl", 0],
    ["x-ms-sevsnpvm-guestsvn", 2 ** 32 - 1],
    ["uvm_endorsements-did", "did:x509:0:sha256:I__"],
  ])("%s may be %j", (name, value) => {
    expect(isClaim(name, value)).toBe(true);
  });

  test.each([
    [HOST, "A".repeat(64)],
    [HOST, "É".repeat(64)],
    [HOST, `${h1}\n`],
    [HOST, h1.slice(1)],
    [HOST, 1],
    [HOST, [h1]],
    [HOST, null],
    [DEBUG, "false"],
    [DEBUG, 0],
    ["x-ms-ver", 3],
    ["x-ms-sevsnpvm-vmpl", "0"],
    ["x-ms-sevsnpvm-vmpl", -1],
    ["x-ms-sevsnpvm-vmpl", 0.5],
    ["x-ms-sevsnpvm-vmpl", 2 ** 32],
    ["uvm_endorsements-did", "https://example.org"],
    ["uvm_endorsements-feed", ""],
    ["uvm_endorsements-feed", "x".repeat(2000)],
    ["x-ms-attestation-type", "sevsnpvm"],
    ["signature-r", "00"],
    ["pcr0", "AA=="],
    ["constructor", "x"],
    ["toString", "x"],
    ["__proto__", "x"],
  ])("%s may not be %j: no evidence carries it", (name, value) => {
    expect(isClaim(name, value)).toBe(false);
  });
});

describe("a change of a policy", () => {
  const before = policy({ [HOST]: [h1], [DEBUG]: [false] });
  const add = (claims: Record<string, unknown>) => changed(before, { type: "add", claims });
  const remove = (claims: Record<string, unknown>) => changed(before, { type: "remove", claims });

  test("adds values, none of them twice, and replaces a flag", () => {
    expect(add({ [HOST]: [h2, h1, h2], [DEBUG]: true })).toEqual(policy({ [HOST]: [h1, h2], [DEBUG]: [true] }));
  });

  test("removes values, and a claim that has none left", () => {
    expect(remove({ [DEBUG]: false })).toEqual(policy({ [HOST]: [h1] }));
    expect(remove({ [DEBUG]: [false], [HOST]: h1 })).toEqual(new Map());
    expect(before).toEqual(policy({ [HOST]: [h1], [DEBUG]: [false] }));
  });

  test.each<[string, unknown, string]>([
    ["the value is not there", remove({ [HOST]: h2 }), `claims.${HOST} does not have the value "${h2}" that is to be removed`],
    ["the flag has the other value", remove({ [DEBUG]: true }), `claims.${DEBUG} does not have the value true that is to be removed`],
    [
      "the claim is not there",
      remove({ [MEASUREMENT]: m1 }),
      `claims.${MEASUREMENT} does not have the value "${m1}" that is to be removed`,
    ],
    [
      "nothing would say which software runs",
      remove({ [HOST]: h1 }),
      expect.stringMatching(/must name x-ms-sevsnpvm-hostdata or /) as never,
    ],
    ["a list is empty", add({ [HOST]: [] }), `claims.${HOST} must not be empty`],
    ["a value is of the wrong type", add({ [DEBUG]: "false" }), `claims.${DEBUG} must be true or false`],
    [
      "a name is that of an inherited property",
      add({ constructor: "x" }),
      "claims.constructor is not a claim that the evidence of a clean room carries",
    ],
    ["it changes nothing", add({}), "claims must not be empty"],
    ["a policy would become too long", add({ [HOST]: hosts(101) }), `claims.${HOST} would have more than 100 values`],
  ])("is refused where %s", (_what, result, problem) => {
    expect(result).toEqual(problem);
  });

  test("leaves nothing behind that could not be met, or lets in any software", () => {
    const names = fc.constantFrom(HOST, MEASUREMENT, DEBUG, "x-ms-ver", "__proto__", "pcr0");
    const values = fc.oneof(
      fc.constantFrom<unknown>(h1, h2, m1, true, false, "3", 3, null),
      fc.array(fc.constantFrom<unknown>(h1, m1, true)),
    );
    const change = fc.record({ type: fc.constantFrom("add" as const, "remove" as const), claims: fc.dictionary(names, values) });
    const property = fc.property(fc.array(change), (changes) => {
      let current: ReadonlyMap<string, readonly unknown[]> = new Map();
      for (const one of changes) {
        const next = changed(current, one);
        if (typeof next !== "string") current = next;
        for (const [name, list] of current) {
          expect(list.length).toBeGreaterThan(0);
          expect(new Set(list).size).toBe(list.length);
          expect(list.every((value) => isClaim(name, value))).toBe(true);
        }
        expect(current.size === 0 || current.has(HOST) || current.has(MEASUREMENT)).toBe(true);
      }
    });
    fc.assert(property);
  });
});

function hosts(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i).padStart(64, "0"));
}
