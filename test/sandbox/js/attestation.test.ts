import { afterAll, beforeAll, expect, test } from "vitest";
import { bytes, GuestHost } from "./guest.js";

let host: GuestHost;
const calls: unknown[] = [];
beforeAll(async () => {
  host = await GuestHost.start({
    verifySnpAttestation: (...args) => {
      calls.push(args);
      if (args[3] === "bad") throw new RangeError("SEV-SNP: endorsed TCB bad");
      return {
        attestation: { version: 3, policy: { debug: 0 }, report_data: bytes("data"), signature: { r: bytes("r") } },
        uvm_endorsements: { did: "d", feed: "f", svn: "1" },
      };
    },
  });
});
afterAll(() => {
  host.engine.dispose();
});

test("bytes of a report are ArrayBuffers, everything else is as it is", () => {
  const body = `const r = snp_attestation.verifySnpAttestation(S("evidence"), S("endorsements"), undefined, undefined), a = r.attestation;
    return { body: [a.version, a.policy.debug, a.report_data instanceof ArrayBuffer, U(a.report_data), U(a.signature.r), r.uvm_endorsements, Object.keys(a)] };`;
  expect(host.json(body)).toEqual([
    3,
    0,
    true,
    "data",
    "r",
    { did: "d", feed: "f", svn: "1" },
    ["version", "policy", "report_data", "signature"],
  ]);
  expect(calls.at(-1)).toEqual([bytes("evidence"), bytes("endorsements"), undefined, undefined]);
});

test("all four arguments are passed on, and refusals are RangeErrors", () => {
  const body = `const v = snp_attestation.verifySnpAttestation; return { body: attempt(() => v(S("a"), S("b"), S("c"), "bad")) };`;
  expect(host.json(body)).toEqual({ error: ["RangeError", "SEV-SNP: endorsed TCB bad"] });
  expect(calls.at(-1)).toEqual([bytes("a"), bytes("b"), bytes("c"), "bad"]);
});

test("arguments of the wrong kind are refused in CCF's words", () => {
  const body = `const v = snp_attestation.verifySnpAttestation, b = S("b");
    return { body: [() => v(), () => v(b), () => v(b, b, undefined, undefined, undefined), () => v("x", b), () => v(b, b, null), () => v(b, b, "x")].map((f) => attempt(f).error.join(": ")) };`;
  const count = (n: number): string => `TypeError: Passed ${n} arguments, but expected between 2 and 4`;
  const kind = "TypeError: ArrayBuffer object expected";
  expect(host.json(body)).toEqual([count(0), count(1), count(5), kind, kind, kind]);
});

test("no process of the host can be started", () => {
  const body = `const t = ccf.host.triggerSubprocess; return { body: [() => t(), () => t("x"), () => t([]), () => t([1]), () => t(["x"], "y"), () => t(["x"])].map((f) => attempt(f).error.join(": ")) };`;
  expect(host.json(body)).toEqual([
    "TypeError: Passed 0 arguments but expected 1 or 2",
    "TypeError: First argument must be an array",
    "RangeError: First argument must be a non-empty array",
    "TypeError: First argument must be an array of strings, found non-string",
    "TypeError: Argument must be an ArrayBuffer",
    "InternalError: Unable to launch host process: this node does not start any",
  ]);
});
