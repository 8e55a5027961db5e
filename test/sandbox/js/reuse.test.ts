import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { bytes, GuestHost, jsonOf } from "./guest.js";

const COUNTER = {
  "/main.js":
    "let n = 0; export function main() { return { body: ++n }; } export function boom() { n++; throw new Error('x'); } export function wait() { n++; return Promise.resolve().then(() => 1); } export function loop() { for (;;) {} }",
};

let host: GuestHost;
beforeAll(async () => {
  host = await GuestHost.start();
});
beforeEach(() => {
  host.install(COUNTER);
});
afterAll(() => {
  host.engine.dispose();
});

const count = (reuseKey: string, changes: Parameters<GuestHost["call"]>[0] = {}): unknown => jsonOf(host.call({ reuseKey, ...changes }));

test("calls with one key share an interpreter; other keys and other access have their own", () => {
  expect([count("a"), count("a"), count("b"), count("a", { mode: "readonly" }), count("a", { mode: "historical" }), count("a")]).toEqual([
    1, 2, 1, 1, 2, 3,
  ]);
});

test("a new app, and new runtime options, start from fresh interpreters", () => {
  expect([count("a"), count("a")]).toEqual([1, 2]);
  host.install(COUNTER);
  expect(count("a")).toBe(1);
  expect(count("a", { options: { maxExecutionTimeMs: 4000 } })).toBe(1);
});

test("of more interpreters than may be kept, the least recently used goes", () => {
  const options = { maxCachedInterpreters: 2 };
  expect([
    count("a", { options }),
    count("b", { options }),
    count("a", { options }),
    count("c", { options }),
    count("a", { options }),
    count("b", { options }),
  ]).toEqual([1, 1, 2, 1, 3, 1]);
  const none = { maxCachedInterpreters: 0 };
  expect([count("a", { options: none }), count("a", { options: none })]).toEqual([1, 1]);
});

test("an exception leaves the interpreter in use, a timeout does not", () => {
  count("a");
  host.call({ reuseKey: "a", jsFunction: "boom" });
  expect(count("a")).toBe(3);
  const options = { maxExecutionTimeMs: 500 };
  count("t", { options });
  expect(host.call({ reuseKey: "t", jsFunction: "loop", options })).toMatchObject({ kind: "threw", timedOut: true });
  expect(count("t", { options })).toBe(1);
});

test("nothing of a call is left for the next one", () => {
  host.install({
    "/main.js": `let kept; export function main(request) {
      const now = [typeof ccf.historicalState, kept && kept.body.text(), request.body.text()];
      kept = kept ?? request; return { body: now }; }`,
  });
  const state = {
    transactionId: "2.1",
    receipt: { signature: "", cert: "", node_id: "", is_signature_transaction: true },
    table: (name: string) => host.store.begin().table(name),
  };
  expect(count("k", { mode: "historical", historicalState: state, request: { body: bytes("secret of one") } })).toEqual([
    "object",
    null,
    "secret of one",
  ]);
  expect(count("k", { mode: "readonly", request: { body: bytes("two") } })).toEqual(["undefined", "two", "two"]);
});

test("tables kept from an earlier call are those of the current transaction", () => {
  host.install({
    "/main.js": `const m = ccf.kv.t; const k = ccf.strToBuf("k"); export function main() { const had = m.has(k); m.set(k, k); return { body: had }; }`,
  });
  const [one, two] = [host.store.begin(), host.store.begin()];
  expect([count("k", { tx: one }), count("k", { tx: two })]).toEqual([false, false]);
  expect(one.writeSet().get("t")?.size).toBe(1);
});

test("a guest cannot stand in for the modules that are loaded after it", () => {
  host.install({
    "/main.js": `export function main() { for (const o of [Object.prototype, globalThis]) { o.__capture = () => 1; o.namespace = () => ({ main: () => ({ body: "forged" }) }); }
      Object.keys = () => ["forged"]; Reflect.has = () => false; return { body: 1 }; }`,
    "/other.js": "export function main() { return { body: 2 }; }",
  });
  expect([count("k"), count("k", { jsModule: "/other.js" })]).toEqual([1, 2]);
});

test("past states are closed with the call that opened them", () => {
  host.install({
    "/main.js": `let kept; export function main() { if (kept) { try { return { body: kept.size }; } catch (e) { return { body: e.message }; } } kept = ccf.historicalState.kv.t; return { body: kept.size }; }`,
  });
  const state = {
    transactionId: "2.1",
    receipt: { signature: "", cert: "", node_id: "", is_signature_transaction: true },
    table: (name: string) => host.store.begin().table(name),
  };
  expect(count("k", { mode: "historical", historicalState: state })).toBe(0);
  expect(host.call({ reuseKey: "k", mode: "readonly" })).toMatchObject({
    value: { body: bytes("Internal: Unable to access MapHandle") },
  });
});

test("an interpreter with promises that will never run is replaced in time", () => {
  for (let i = 0; i < 101; i++) host.call({ reuseKey: "p", jsFunction: "wait" });
  expect(count("p")).toBe(1);
});

test("thousands of calls do not add up", async () => {
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 3000; i++) {
    host.call({ reuseKey: "k", jsFunction: i % 3 === 0 ? "boom" : "main" });
    if (i % 20 === 0) {
      host.call({});
      await setImmediate();
    }
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
});
