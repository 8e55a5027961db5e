import { afterAll, beforeAll, expect, test } from "vitest";
import type { GovernanceEffects } from "../../../sandbox/enclave/js/host.js";
import { GuestHost } from "./guest.js";

let host: GuestHost;
beforeAll(async () => {
  host = await GuestHost.start();
});
afterAll(() => {
  host.engine.dispose();
});

const LANGUAGE = (
  "AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError Float32Array Float64Array " +
  "Function Infinity Int16Array Int32Array Int8Array InternalError JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError " +
  "Reflect RegExp Set SharedArrayBuffer String Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray " +
  "WeakMap WeakSet decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt " +
  "undefined unescape"
).split(" ");
const CCF_GLOBALS = ["ccf", "console", "snp_attestation"];
const EVERYWHERE =
  "bufToJsonCompatible bufToStr crypto enableMetricsLogging enableUntrustedDateTime jsonCompatibleToBuf kv pemToId strToBuf".split(" ");

type Seen = Readonly<Record<"globals" | "ccf", readonly string[]>>;

const SHOW = `
  const keys = (o) => (o === undefined ? null : Object.keys(o).sort());
  return { globals: Object.getOwnPropertyNames(globalThis), ccf: keys(ccf), node: keys(ccf.node), network: keys(ccf.network), rpc: keys(ccf.rpc),
    consensus: keys(ccf.consensus), historical: keys(ccf.historical), host: keys(ccf.host), console: keys(console), snp: keys(snp_attestation) };`;

const seenByGovernance = (context: "gov-ro" | "gov-rw"): Seen => {
  const outcome = host.govern(`export function f() {${SHOW}}`, "f", { context, effects: undefined as unknown as GovernanceEffects });
  if (outcome.kind !== "value") throw new Error(JSON.stringify(outcome));
  return outcome.value.data as Seen;
};

test("an endpoint sees the language, CCF's globals and nothing else", () => {
  const seen = host.json(`const seen = (() => {${SHOW}})(); return { body: seen };`) as Seen;
  expect(seen.globals.toSorted()).toEqual([...LANGUAGE, ...CCF_GLOBALS].sort());
  expect(seen).toMatchObject({
    ccf: [...EVERYWHERE, "consensus", "historical", "host", "rpc"].sort(),
    node: null,
    network: null,
    rpc: ["setApplyWrites", "setClaimsDigest"],
    consensus: ["getLastCommittedTxId", "getStatusForTxId", "getViewForSeqno"],
    historical: ["dropCachedStates", "getStateRange"],
    host: ["triggerSubprocess"],
    console: ["error", "info", "log", "warn"],
    snp: ["verifySnpAttestation"],
  });
});

test("validate, resolve and ballots have no effects and no request", () => {
  const seen = seenByGovernance("gov-ro");
  expect(seen.globals.toSorted()).toEqual([...LANGUAGE, ...CCF_GLOBALS].sort());
  expect(seen).toMatchObject({ ccf: EVERYWHERE, node: null, network: null, rpc: null, consensus: null, historical: null, host: null });
});

test("apply has the effects of governance", () => {
  expect(seenByGovernance("gov-rw")).toMatchObject({
    ccf: [...EVERYWHERE, "network", "node", "refreshAppBytecodeCache", "removeJwtPublicSigningKeys", "setJwtPublicSigningKeys"].sort(),
    node: [
      "transitionServiceToOpen",
      "triggerACMERefresh",
      "triggerLedgerChunk",
      "triggerLedgerRekey",
      "triggerRecoverySharesRefresh",
      "triggerSnapshot",
    ],
    network: ["generateEndorsedCertificate", "generateNetworkCertificate", "getLatestLedgerSecretSeqno"],
    rpc: null,
  });
});

test("ccf.crypto has CCF's functions with CCF's numbers of parameters", () => {
  const shapes = host.json("return { body: Object.entries(ccf.crypto).map(([k, f]) => [k, f.name === k, f.length]) };") as [
    string,
    boolean,
    number,
  ][];
  expect(shapes).toHaveLength(23);
  expect(shapes.every(([, named]) => named)).toBe(true);
  expect(shapes).toContainEqual(["verifySignature", true, 4]);
  expect(shapes).toContainEqual(["digest", true, 2]);
  expect(shapes).toContainEqual(["generateAesKey", true, 1]);
});

test("Atomics does what one thread needs", () => {
  const body = `const a = new Int32Array(2); return { body: [Atomics.add(a, 0, 5), Atomics.compareExchange(a, 0, 5, 7), Atomics.load(a, 0), Atomics.exchange(a, 1, 3),
    Atomics.sub(a, 1, 1), a[1], Atomics.store(a, 1, 9.5), Atomics.isLockFree(4), Atomics.notify(a, 0), String(Atomics), attempt(() => Atomics.load([1], 0)), attempt(() => Atomics.load(a, 2))] };`;
  expect(host.json(body)).toEqual([
    0,
    5,
    7,
    0,
    3,
    2,
    9,
    true,
    0,
    "[object Atomics]",
    { error: ["TypeError", "integer TypedArray expected"] },
    { error: ["RangeError", "out-of-bound access"] },
  ]);
});

test("nothing leads from a guest to the process around it", () => {
  const body = `const roots = [globalThis, ccf, ccf.kv, ccf.kv.t, ccf.crypto.digest, ccf.rpc.setApplyWrites, console.log, request.body.text];
    const found = [];
    for (const f of [(r) => r.constructor, (r) => r.constructor.constructor("return typeof process + typeof require + typeof Buffer")()]) {
      for (const root of roots) { try { const v = f(root); if (typeof v === "string") found.push(v); } catch (e) { found.push("none"); } }
    }
    return { body: found };`;
  expect(new Set(host.json(body) as string[])).toEqual(new Set(["undefinedundefinedundefined", "none"]));
});

test("an effect without anything to carry it out is an exception", () => {
  expect(host.govern("export function f() { ccf.node.triggerLedgerRekey(); }", "f", { context: "gov-rw" })).toMatchObject({
    kind: "threw",
    reason: "InternalError: Failed to get governance effects object",
  });
});
