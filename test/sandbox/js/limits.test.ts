import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEFAULT_RUNTIME_OPTIONS, type EndpointOutcome } from "../../../sandbox/enclave/js/host.js";
import { GuestHost, jsonOf } from "./guest.js";

let host: GuestHost;
beforeAll(async () => {
  host = await GuestHost.start();
});
afterAll(() => {
  host.engine.dispose();
});

const timed = (run: () => EndpointOutcome): readonly [EndpointOutcome, number] => {
  const start = performance.now();
  return [run(), performance.now() - start];
};
const TIMED_OUT = { kind: "threw", timedOut: true, reason: "InternalError: interrupted" };
const SHORT = { options: { maxExecutionTimeMs: 100 } };

test.each([
  ["a loop", "for (;;) {}"],
  ["a loop that catches everything", "for (;;) { try { for (;;) {} } catch {} finally { for (;;) {} } }"],
  ["a getter of the result", "return { get body() { for (;;) {} } };"],
  ["toJSON of the result", "return { body: { toJSON() { for (;;) {} } } };"],
  ["toString of a header", "return { headers: { a: { toString() { for (;;) {} } } } };"],
  ["a loop of host calls", "for (;;) ccf.kv.t.size;"],
  ["a loop inside forEach", "ccf.kv.t.set(S('k'), S('v')); ccf.kv.t.forEach(() => { for (;;) {} });"],
  ["a promise job, which never runs, and then a loop", "Promise.resolve().then(() => 1); for (;;) {}"],
])("%s ends at the time limit", (_what, body) => {
  const [outcome, elapsed] = timed(() => host.run(body, SHORT));
  expect(outcome).toMatchObject(TIMED_OUT);
  expect(elapsed).toBeLessThan(2000);
});

test("recursion that catches its own overflow ends at the time limit", () => {
  const options = { ...SHORT.options, maxStackBytes: 64 * 1024 };
  expect(host.run("const f = () => { try { f(); } catch { f(); } }; f();", { options })).toMatchObject(TIMED_OUT);
});

test("a module that never finishes ends at the time limit too", () => {
  host.install({ "/main.js": "export function main() { return { body: 'ran' }; } for (;;) {}" });
  expect(host.call(SHORT)).toMatchObject(TIMED_OUT);
  expect(host.govern("for (;;) {}", "f", { options: { ...DEFAULT_RUNTIME_OPTIONS, maxExecutionTimeMs: 100 } })).toMatchObject(TIMED_OUT);
});

test("printing an exception that never finishes ends as well", () => {
  const [outcome, elapsed] = timed(() => host.run("throw { toJSON() { for (;;) {} } };"));
  expect(outcome).toMatchObject({ kind: "threw", timedOut: false, reason: "" });
  expect(elapsed).toBeLessThan(2000);
});

test.each([
  ["arrays", "const a = []; for (;;) a.push(new Array(10000).fill(1.5));"],
  ["buffers", "const a = []; for (;;) a.push(new ArrayBuffer(1e6));"],
  ["strings", "let s = 'xx'; const a = []; for (;;) { s += s; a.push(s + 1); }"],
  ["objects", "const a = []; for (;;) a.push({ a: {} });"],
  ["values from a table", "ccf.kv.big.set(S('k'), new ArrayBuffer(1e6)); const a = []; for (;;) a.push(ccf.kv.big.get(S('k')));"],
  ["one huge buffer", "new ArrayBuffer(900e6);"],
  ["texts for the host", "const s = 'x'.repeat(10e6), a = []; for (;;) a.push(S(s));"],
])("a guest that fills its memory with %s ends, and the next one does not notice", (_what, body) => {
  expect(host.run(body, { options: { maxHeapBytes: 30e6, maxExecutionTimeMs: 20_000 } })).toMatchObject({
    kind: "threw",
    timedOut: false,
    reason: "InternalError: out of memory",
  });
  expect(host.json("return { body: new ArrayBuffer(10e6).byteLength };")).toBe(10e6);
});

test("a guest that multiplies numbers of 8 MB, which this build of QuickJS cannot, ends like that too, each time", async () => {
  const logged = host.logged.length;
  for (let i = 0; i < 3; i++) {
    const body = "const x = (1n << (1n << 26n)) - 1n; try { x * x; } catch { return {}; }";
    expect(host.run(body, { options: { maxHeapBytes: 100e6 } })).toMatchObject({
      kind: "threw",
      timedOut: false,
      reason: "InternalError: out of memory",
    });
    await setTimeout(50);
  }
  expect(host.logged.slice(logged)).toEqual([]);
});

test("a guest may catch that it ran out of memory", () => {
  const body =
    "let n = 0; const a = []; try { for (;;) { a.push(new ArrayBuffer(1e6)); n++; } } catch (e) { a.length = 0; return { body: [e.message, n > 5, n < 100] }; }";
  expect(host.json(body, { options: { maxHeapBytes: 30e6 } })).toEqual(["out of memory", true, true]);
});

test("bombs in a row leave no memory behind", async () => {
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 6; i++) {
    host.run("const a = []; for (;;) a.push(new ArrayBuffer(1e6));");
    await setTimeout(50);
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
});

test("a small stack ends deep recursion, and nothing else", () => {
  const options = { maxStackBytes: 64 * 1024 };
  expect(host.run("const f = () => f() + 1; return { body: f() };", { options })).toMatchObject({
    kind: "threw",
    reason: "InternalError: stack overflow",
  });
  expect(host.json("const f = (n) => (n === 0 ? 0 : f(n - 1) + 1); return { body: f(100) };", { options })).toBe(100);
});

const DEEP = [
  "const f = () => f() + 1; f();",
  "const f = (n) => [1].map(() => f(n)); f(1);",
  "JSON.parse('['.repeat(100000));",
  "eval('('.repeat(100000));",
  "const f = () => ccf.kv.t.forEach(f); ccf.kv.t.set(S('k'), S('v')); f();",
];

test("where the thread's own stack is the shorter one, the call ends all the same", async () => {
  host.install({ "/main.js": "let n = 0; export function main() { return { body: ++n }; }" });
  for (const body of DEEP) {
    const outcome = host.run(body);
    expect(outcome).toMatchObject({ kind: "threw", timedOut: false });
    await setTimeout(100); // a new instance gets ready
    expect(host.json("return { body: 1 };")).toBe(1);
  }
});

test("with the stack of the enclave's thread, a guest uses the whole of its own", { timeout: 60_000 }, async () => {
  const outfile = fileURLToPath(new URL("../../../node_modules/.cache/deepGuest.mjs", import.meta.url));
  const entry = fileURLToPath(new URL("./deepGuest.ts", import.meta.url));
  await build({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm", packages: "external", logLevel: "error" });
  const worker = new Worker(outfile, { workerData: DEEP, resourceLimits: { stackSizeMb: 64 } });
  const [{ outcomes, depth, logged }] = (await once(worker, "message")) as [
    { outcomes: EndpointOutcome[]; depth: EndpointOutcome; logged: string[] },
  ];
  await worker.terminate();
  for (const outcome of outcomes)
    expect(outcome).toMatchObject({ kind: "threw", reason: expect.stringContaining("stack overflow") as unknown });
  expect(jsonOf(depth)).toBeGreaterThan(5000);
  expect(logged).toEqual([]);
});
