import { describe, expect, test } from "vitest";
import type { Claim } from "../../src/attestation/claims.js";
import { requireNoDebugging, type Report } from "../../src/attestation/evidence.js";
import { mismatch } from "../../src/attestation/policy.js";
import { ApiError } from "../../src/http/errors.js";

const HOST = "x-ms-sevsnpvm-hostdata";
const MEASUREMENT = "x-ms-sevsnpvm-launchmeasurement";
const DEBUG = "x-ms-sevsnpvm-is-debuggable";
const [h1, h2] = ["1".repeat(64), "2".repeat(64)];
const m1 = "a".repeat(96);

const evidence: Readonly<Record<string, Claim>> = { [HOST]: h1, [MEASUREMENT]: m1, [DEBUG]: false, "uvm_endorsements-did": "did:x509:0" };
const claims =
  (of = evidence) =>
  (name: string) =>
    of[name];
const policy = (of: Readonly<Record<string, readonly unknown[]>>) => new Map(Object.entries(of));

describe("evidence meets a policy", () => {
  test("when each claim that the policy names has one of the values", () => {
    expect(mismatch(policy({ [HOST]: [h2, h1], [DEBUG]: [false] }), claims())).toBeUndefined();
  });

  test("in value and type alike", () => {
    expect(mismatch(policy({ [HOST]: [h1], [DEBUG]: ["false", 0, null] }), claims())).toBe(
      `${DEBUG} is false, the policy wants "false" or 0 or null`,
    );
    expect(mismatch(policy({ [HOST]: [h1.toUpperCase(), [h1]] }), claims({ ...evidence, [HOST]: "a" }))).toContain(`${HOST} is "a"`);
  });

  test("only when the policy says which software runs (a policy of the debug flag alone lets in every genuine machine)", () => {
    for (const open of [{}, { [DEBUG]: [false] }, { "uvm_endorsements-did": ["did:x509:0"] }]) {
      expect(mismatch(policy(open), claims())).toMatch(/^the policy names none of x-ms-sevsnpvm-hostdata, x-ms-sevsnpvm-launchm/);
    }
  });

  test("only when the launch measurement is endorsed, or named by the policy", () => {
    const bare = claims({ [HOST]: h1, [MEASUREMENT]: m1, [DEBUG]: false });
    expect(mismatch(policy({ [HOST]: [h1] }), bare)).toBe(
      `attestation.uvm_endorsements is missing: send it, or propose a policy that names ${MEASUREMENT}`,
    );
    expect(mismatch(policy({ [HOST]: [h1], [MEASUREMENT]: [m1] }), bare)).toBeUndefined();
    expect(mismatch(policy({ [MEASUREMENT]: [m1] }), bare)).toBeUndefined();
  });

  test("never by a claim that evidence does not carry, or by an empty list", () => {
    expect(mismatch(policy({ [HOST]: [h1], "x-ms-compliance-status": ["ok"] }), claims())).toBe(
      "the evidence says nothing about x-ms-compliance-status, which the policy names",
    );
    expect(mismatch(policy({ [HOST]: [h1], "uvm_endorsements-svn": [undefined] }), claims())).toContain("says nothing about");
    expect(mismatch(policy({ [HOST]: [] }), claims())).toContain(`${HOST} is`);
  });
});

test("a report of a guest that may be debugged is refused, whatever its platform said of it", () => {
  const report = (debug: unknown) => ({ attestation: { policy: { debug } } }) as Report;
  expect(() => {
    requireNoDebugging(report(0));
  }).not.toThrow();
  for (const debug of [1, true, undefined]) {
    expect(() => {
      requireNoDebugging(report(debug));
    }).toThrow(ApiError);
  }
});
