import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { DEFAULT_RUNTIME_OPTIONS, type GovernanceEffects } from "../../../sandbox/enclave/js/host.js";
import { InternalError } from "../../../sandbox/enclave/js/values.js";
import { GuestHost } from "./guest.js";

let host: GuestHost;
beforeAll(async () => {
  host = await GuestHost.start();
});
afterAll(() => {
  host.engine.dispose();
});

const caused: unknown[] = [];
beforeEach(() => {
  caused.length = 0;
});

const note =
  (what: string) =>
  (...args: readonly unknown[]): void => {
    caused.push([what, ...args]);
  };

/** Effects that only write down what was asked for. */
const effects: GovernanceEffects = {
  transitionServiceToOpen: (previous, next) => {
    if (next === "bad") throw new InternalError("Unable to open service: bad");
    note("open")(previous, next);
  },
  triggerLedgerRekey: note("rekey"),
  triggerRecoverySharesRefresh: note("shares"),
  triggerLedgerChunk: note("chunk"),
  triggerSnapshot: note("snapshot"),
  triggerAcmeRefresh: note("acme"),
  latestLedgerSecretSeqno: () => 7,
  generateEndorsedCertificate: (csr, from, days) => `endorsed ${csr} ${from} ${days}`,
  generateNetworkCertificate: (from, days) => `renewed ${from} ${days}`,
  setJwtPublicSigningKeys: note("set keys"),
  removeJwtPublicSigningKeys: note("remove keys"),
};

const apply = (code: string): unknown => {
  const outcome = host.govern(
    `const attempt = (f) => { try { return f(); } catch (e) { return e.name + ": " + e.message; } }; const S = ccf.strToBuf;
     export function apply() { return [${code}].map(attempt); }`,
    "apply",
    { context: "gov-rw", effects },
  );
  if (outcome.kind !== "value") throw new Error(JSON.stringify(outcome));
  return outcome.value.data;
};

test("apply causes what its service offers", () => {
  const code = `() => ccf.node.transitionServiceToOpen(undefined, S("next")), () => ccf.node.transitionServiceToOpen(S("previous"), S("next")), () => ccf.node.triggerLedgerRekey(),
    () => ccf.node.triggerRecoverySharesRefresh(), () => ccf.node.triggerLedgerChunk(), () => ccf.node.triggerSnapshot(), () => ccf.node.triggerACMERefresh(),
    () => ccf.setJwtPublicSigningKeys("https://i", { a: 1 }, { keys: [{ kid: "k", u: undefined }] }), () => ccf.removeJwtPublicSigningKeys("https://i")`;
  expect(apply(code)).toEqual(Array(9).fill(null));
  expect(caused).toEqual([
    ["open", undefined, "next"],
    ["open", "previous", "next"],
    ["rekey"],
    ["shares"],
    ["chunk"],
    ["snapshot"],
    ["acme"],
    ["set keys", "https://i", { a: 1 }, { keys: [{ kid: "k" }] }],
    ["remove keys", "https://i"],
  ]);
});

test("what effects return comes back", () => {
  const code = `() => ccf.network.getLatestLedgerSecretSeqno(), () => ccf.network.generateEndorsedCertificate("csr", "20240101000000Z", 5), () => ccf.network.generateNetworkCertificate("20240101000000Z", "6")`;
  expect(apply(code)).toEqual([7, "endorsed csr 20240101000000Z 5", "renewed 20240101000000Z 6"]);
});

test("arguments and failures read as CCF words them", () => {
  const code = `() => ccf.node.triggerLedgerRekey(1), () => ccf.node.transitionServiceToOpen(S("x")), () => ccf.node.transitionServiceToOpen("x", S("x")), () => ccf.node.transitionServiceToOpen(undefined, undefined),
    () => ccf.node.transitionServiceToOpen(undefined, "x"), () => ccf.node.transitionServiceToOpen(undefined, S("bad")), () => ccf.network.generateEndorsedCertificate(), () => ccf.setJwtPublicSigningKeys(), () => ccf.refreshAppBytecodeCache(1)`;
  expect(apply(code)).toEqual([
    "TypeError: Passed 1 arguments but expected none",
    "TypeError: Passed 1 arguments but expected two",
    "TypeError: Previous service identity argument is not an array buffer",
    "InternalError: Proposal requires a service identity",
    "TypeError: Next service identity argument is not an array buffer",
    "InternalError: Unable to open service: bad",
    "TypeError: Passed 0 arguments but expected 3",
    "TypeError: Passed 0 arguments but expected 3",
    "TypeError: Passed 1 arguments but expected none",
  ]);
});

const REFRESH =
  "export function apply(modules) { const t = ccf.kv['public:ccf.gov.modules']; t.clear(); for (const [n, m] of modules) t.set(ccf.strToBuf(n), ccf.strToBuf(m)); ccf.refreshAppBytecodeCache(); return 'done'; }";
const refresh = (...modules: [string, string][]): ReturnType<GuestHost["govern"]> =>
  host.govern(REFRESH, "apply", { context: "gov-rw", effects, args: [modules] });

test("the time that a large application takes to compile is not the script's", () => {
  const line = "export const NAME = (a, b) => { const c = a.map((x) => x + b); return { c, b, sum: c.reduce((x, y) => x + y, 0) }; };\n";
  const text = Array.from({ length: 16_000 }, (_, i) => line.replace("NAME", `f${i}`)).join("");
  const elapsed = (milliseconds: number): number => {
    const options = { ...DEFAULT_RUNTIME_OPTIONS, maxExecutionTimeMs: milliseconds };
    const began = performance.now();
    const goingOn = REFRESH.replace("return 'done'", "return t.size");
    const outcome = host.govern(goingOn, "apply", { context: "gov-rw", effects, args: [[["/a.js", text]]], options });
    expect(outcome).toMatchObject({ kind: "value" });
    return performance.now() - began;
  };
  elapsed(0.7 * elapsed(60_000));
});

test("refreshAppBytecodeCache takes an application whose modules all compile", () => {
  expect(refresh(["/a.js", "import './b.js'; throw new Error('is not run');"], ["/b.js", "import './a.js';"])).toMatchObject({
    kind: "value",
    value: { text: "done" },
  });
});

test.each([
  [
    "a syntax error",
    [
      ["/a.js", "export const a = 1;"],
      ["/bad.js", "export function ("],
    ],
    "Failed to compile module '/bad.js': SyntaxError: ",
  ],
  [
    "an unresolved import",
    [["/a.js", "import './none.js';"]],
    "Failed to compile module '/a.js': ReferenceError: Module '/none.js' could not be loaded",
  ],
] as [string, [string, string][], string][])("refreshAppBytecodeCache refuses %s", (_what, modules, message) => {
  const outcome = refresh(...modules);
  expect(outcome.kind === "threw" && outcome.reason).toContain(`InternalError: Failed to refresh bytecode: ${message}`);
});

test("an application that ends the thread's own stack ends the call, and no later one", async () => {
  const deep: [string, string] = ["/a.js", `export const a = ${"[".repeat(30000)}${"]".repeat(30000)};`];
  expect(refresh(deep)).toMatchObject({ kind: "threw", reason: "InternalError: stack overflow", timedOut: false });
  await setTimeout(100); // a new instance gets ready
  expect(refresh(["/a.js", "export const a = 1;"])).toMatchObject({ kind: "value" });
});
