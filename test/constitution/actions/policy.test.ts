import { beforeEach, describe, expect, test } from "vitest";
import { CLAIMS } from "../../../src/model/claims.js";
import { GovernedService } from "../service.js";

const [H1, H2] = ["1", "2"].map((digit) => digit.repeat(64));
const HOST = "x-ms-sevsnpvm-hostdata";
const DEBUG = "x-ms-sevsnpvm-is-debuggable";
const MEASUREMENT = "x-ms-sevsnpvm-launchmeasurement";

let service: GovernedService;
beforeEach(async () => {
  service = await GovernedService.start({ isv: {} });
  service.agreeContract("c1");
});

const change = (type: string, claims: unknown, more: object = {}) => ({
  name: "set_clean_room_policy",
  args: { contractId: "c1", type, claims, ...more },
});
const pass = (...actions: ReturnType<typeof change>[]) => service.pass(["isv"], ...actions);
const policy = () => service.rows("public:ccf.gov.policies.cleanroom-c1");
const problem = (...actions: ReturnType<typeof change>[]) => service.problems(...actions);

test("values are added as lists, each once, and removed again until nothing is left", () => {
  pass(change("add", { [HOST]: H1, [DEBUG]: false, "x-ms-sevsnpvm-vmpl": [0, 0, 1] }));
  expect(policy()).toEqual({ [HOST]: [H1], [DEBUG]: [false], "x-ms-sevsnpvm-vmpl": [0, 1] });
  pass(change("add", { [HOST]: [H2, H1, H2] }, { policyType: "snp-caci" }));
  expect(policy()).toMatchObject({ [HOST]: [H1, H2] });
  pass(change("remove", { [HOST]: H1, "x-ms-sevsnpvm-vmpl": [1, 0] }));
  expect(policy()).toEqual({ [HOST]: [H2], [DEBUG]: [false] });
  pass(change("remove", { [HOST]: [H2], [DEBUG]: false }));
  expect(policy()).toEqual({});
});

test("a flag that is added replaces the flag before", () => {
  pass(change("add", { [HOST]: H1, [DEBUG]: false }));
  pass(change("add", { [DEBUG]: true }));
  expect(policy()).toMatchObject({ [DEBUG]: [true] });
});

test("every claim of the model can be required", () => {
  const example: Record<string, unknown> = { boolean: false, number: 7 };
  const claims = Object.entries(CLAIMS).map(([name, claim]) => {
    if (claim.type !== "string") return [name, example[claim.type]];
    const digits = /\{(\d+)\}/.exec(claim.pattern)?.[1];
    return [name, digits === undefined ? (claim.pattern.includes("did") ? "did:x509:0" : "5") : "a".repeat(Number(digits))];
  });
  pass(change("add", Object.fromEntries(claims)));
  expect(Object.keys(policy()).sort()).toEqual(Object.keys(CLAIMS).sort());
});

test("a policy that does not say which software may run is refused, and stays so until nothing is left", () => {
  const anySoftware = "the policy would let in any software: it must name x-ms-sevsnpvm-hostdata or x-ms-sevsnpvm-launchmeasurement";
  expect(problem(change("add", { [DEBUG]: false }))).toContain(anySoftware);
  pass(change("add", { [HOST]: H1, [DEBUG]: false }));
  expect(problem(change("remove", { [HOST]: H1 }))).toContain(anySoftware);
  pass(change("add", { [MEASUREMENT]: "a".repeat(96) }));
  pass(change("remove", { [HOST]: H1 }));
  expect(policy()).toEqual({ [DEBUG]: [false], [MEASUREMENT]: ["a".repeat(96)] });
});

test("several changes of one proposal are checked, and made, one after the other", () => {
  pass(change("add", { [HOST]: H1, [DEBUG]: false }));
  expect(problem(change("remove", { [HOST]: H1 }), change("add", { [HOST]: H2 }))).toMatch(/at position 0 .*any software/);
  expect(problem(change("remove", { [DEBUG]: false }), change("remove", { [DEBUG]: false }))).toMatch(/at position 1 .*to be removed/);
  pass(change("add", { [HOST]: H2 }), change("remove", { [HOST]: H1 }));
  expect(policy()).toMatchObject({ [HOST]: [H2] });
});

test("removing what is not there is refused, and fails when it has gone in the meantime", () => {
  pass(change("add", { [HOST]: [H1, H2] }));
  const gone = `claims.${HOST} does not have the value "${H1 ?? ""}" that is to be removed`;
  const waiting = service.propose("isv", change("remove", { [HOST]: H1 }));
  pass(change("remove", { [HOST]: H1 }));
  expect(() => service.vote("isv", waiting.id, "yes")).toThrow(gone);
  expect(policy()).toEqual({ [HOST]: [H2] });
  expect(problem(change("remove", { [HOST]: H1 }))).toContain(gone);
  expect(problem(change("remove", { [DEBUG]: false }))).toContain(`claims.${DEBUG} does not have the value false`);
});

test("a claim has at most 100 values", () => {
  const values = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => (from + i).toString(16).padStart(64, "0"));
  expect(problem(change("add", { [HOST]: values(0, 101) }))).toContain(`claims.${HOST} would have more than 100 values`);
  pass(change("add", { [HOST]: values(0, 60) }));
  expect(problem(change("add", { [HOST]: values(60, 101) }))).toContain(`claims.${HOST} would have more than 100 values`);
  pass(change("add", { [HOST]: values(60, 100) }));
  expect(policy()[HOST]).toHaveLength(100);
});

describe("refused when proposed:", () => {
  test.each([
    [{ contractId: "c2" }, "contractId c2 is not an accepted contract"],
    [{ type: "replace" }, "type must be one of add, remove"],
    [{ type: undefined }, "type is missing"],
    [{ type: ["add"] }, "type must be one of add, remove"],
    [{ claims: null }, "claims must be an object"],
    [{ claims: [] }, "claims must be an object"],
    [{ claims: undefined }, "claims is missing"],
    [{ claims: {} }, "claims must not be empty"],
    [{ claims: { constructor: H1 } }, "claims.constructor is not a claim that the evidence of a clean room carries"],
    [{ claims: JSON.parse('{"__proto__": "x"}') as unknown }, "claims.__proto__ is not a claim"],
    [{ claims: { toString: [1] } }, "claims.toString is not a claim"],
    [{ claims: { "x-ms-compliance-status": "x" } }, "claims.x-ms-compliance-status is not a claim"],
    [{ claims: { pcr0: "x" } }, "claims.pcr0 is not a claim"],
    [{ claims: { [HOST]: [] } }, `claims.${HOST} must not be empty`],
    [{ claims: { [HOST]: null } }, `claims.${HOST} must be a text that matches`],
    [{ claims: { [HOST]: H1?.slice(1) } }, `claims.${HOST} must be a text that matches`],
    [{ claims: { [HOST]: [H1, "A".repeat(64)] } }, `claims.${HOST}[1] must be a text that matches`],
    [{ claims: { [HOST]: [[H1]] } }, `claims.${HOST}[0] must be a text that matches`],
    [{ claims: { [HOST]: `${H1 ?? ""}\n` } }, `claims.${HOST} must be a text that matches`],
    [{ claims: { [DEBUG]: "false" } }, `claims.${DEBUG} must be true or false`],
    [{ claims: { [DEBUG]: 0 } }, `claims.${DEBUG} must be true or false`],
    [{ claims: { "x-ms-sevsnpvm-vmpl": "0" } }, "claims.x-ms-sevsnpvm-vmpl must be an integer"],
    [{ claims: { "x-ms-sevsnpvm-guestsvn": 1.5 } }, "claims.x-ms-sevsnpvm-guestsvn must be an integer"],
    [{ claims: { "uvm_endorsements-did": "x" } }, "claims.uvm_endorsements-did must be a text that matches ^did:"],
    [{ policyType: "snp-cvm" }, "policyType must be snp-caci, the only platform whose evidence this service verifies"],
    [{ policyType: "jwt" }, "policyType must be snp-caci"],
    [{ policyType: "constructor" }, "policyType must be snp-caci"],
    [{ more: 1 }, "more is unknown"],
  ])("%j: %s", (args, message) => {
    const good = change("add", { [HOST]: H1 });
    expect(problem({ ...good, args: { ...good.args, ...args } as typeof good.args })).toContain(
      `set_clean_room_policy at position 0 failed validation: ${message}`,
    );
    expect(policy()).toEqual({});
  });
});
