import { afterAll, beforeAll, expect, test } from "vitest";
import { bytes, GuestHost, jsonOf, textOf } from "./guest.js";

let host: GuestHost;
beforeAll(async () => {
  host = await GuestHost.start();
});
afterAll(() => {
  host.engine.dispose();
});

const denial = (method: string, table: string, state: string, context: string): unknown => ({
  error: [
    "TypeError",
    `Cannot call "${method}" on table named ${table}. This table is ${state} in current (${context}) execution context. ` +
      "See https://microsoft.github.io/CCF/main/audit/read_write_restrictions.html for more detail.",
  ],
});

test("a transaction reads its own writes", () => {
  const tx = host.store.begin();
  const outcome = host.run(
    `const m = ccf.kv.t, out = [m.size, m.has(S("k")), U(m.get(S("k")))];
     out.push(m.set(S("k"), S("1")) === m, m.size, U(m.get(S("k"))), m.delete(S("k")) === undefined, m.size);
     m.set(S("a"), S("1")).set(S("b"), S("2")); m.clear(); out.push(m.size); m.set(S("z"), new ArrayBuffer(0)); out.push(m.get(S("z")).byteLength);
     return { body: out };`,
    { tx },
  );
  expect(jsonOf(outcome)).toEqual([0, false, null, true, 1, "1", true, 0, 0, 0]);
  expect([...(tx.writeSet().get("t")?.keys() ?? [])]).toContain("z");
});

test("bytes of keys and values survive unchanged", () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  const tx = host.store.begin();
  tx.table("bin").set(all, all.toReversed());
  const body = `const all = new Uint8Array(256).map((_, i) => i); ccf.kv.copy.set(ccf.kv.bin.get(all.buffer), all.buffer); return {};`;
  expect(host.run(body, { tx }).kind).toBe("value");
  expect(tx.table("copy").get(all.toReversed())).toEqual(all);
});

test("forEach visits what was there when it began, in as many batches as it takes", () => {
  const tx = host.store.begin();
  for (let i = 0; i < 5000; i++) tx.table("rows").set(bytes(`key-${i}`), new Uint8Array(i % 7 === 0 ? 3000 : 10).fill(i));
  const body = `let n = 0, size = 0; const seen = new Set();
    ccf.kv.rows.forEach((v, k, m) => { n++; size += v.byteLength; seen.add(U(k)); if (n === 1) { m.set(S("new"), v); ccf.kv.rows.delete(k); } return false; });
    return { body: [n, size, seen.size, ccf.kv.rows.size] };`;
  expect(jsonOf(host.run(body, { tx }))).toEqual([5000, 715 * 3000 + 4285 * 10, 5000, 5000]);
});

test("an exception of a forEach callback passes through", () => {
  expect(
    host.json(`ccf.kv.t.set(S("k"), S("v")); return { body: attempt(() => ccf.kv.t.forEach(() => { throw new RangeError("inside"); })) };`),
  ).toEqual({
    error: ["RangeError", "inside"],
  });
});

test("the version of a row is the transaction that committed it", () => {
  host.commit((tx) => {
    tx.table("v").set(bytes("k"), bytes("v"));
  });
  const seqno = host.store.seqno;
  const body = `const m = ccf.kv.v, out = [m.getVersionOfPreviousWrite(S("k"))]; m.set(S("k"), S("z")); out.push(m.getVersionOfPreviousWrite(S("k")), attempt(() => m.getVersionOfPreviousWrite(S("none")))); return { body: out };`;
  expect(host.json(body)).toEqual([seqno, seqno, { ok: "(undefined)" }]);
});

test("wrong arguments are refused in CCF's words", () => {
  const body = `const m = ccf.kv.t, b = new ArrayBuffer(2); return { body: [
    () => m.get("a"), () => m.get(), () => m.get(b, b), () => m.get(new Uint8Array(2)), () => m.set("a", b), () => m.set(b), () => m.set(b, undefined),
    () => m.clear(1), () => m.forEach(), () => m.forEach(5), () => m.size(), () => { m.size = 5; }, () => { ccf.kv.t = 1; }, () => String(m), () => String(ccf.kv),
  ].map((f) => attempt(f).error.join(": ")) };`;
  expect(host.json(body)).toEqual([
    "TypeError: Argument must be an ArrayBuffer",
    "TypeError: Passed 0 arguments, but expected 1",
    "TypeError: Passed 2 arguments, but expected 1",
    "TypeError: Argument must be an ArrayBuffer",
    "TypeError: Arguments must be ArrayBuffers",
    "TypeError: Passed 1 arguments, but expected 2",
    "TypeError: Arguments must be ArrayBuffers",
    "TypeError: Passed 1 arguments, but expected 0",
    "TypeError: Passed 0 arguments, but expected 1",
    "TypeError: Argument must be a function",
    "TypeError: not a function",
    "TypeError: no setter for property",
    "TypeError: 't' is read-only",
    "TypeError: toPrimitive",
    "TypeError: not a function",
  ]);
});

test("a handle has CCF's shape", () => {
  const body = `const m = ccf.kv.shape; return { body: { own: Object.keys(m), all: Object.getOwnPropertyNames(m).length, json: JSON.stringify(m), kv: Object.keys(ccf.kv),
    same: ccf.kv.shape === m, symbol: typeof ccf.kv[Symbol.iterator], odd: [ccf.kv[""].size, ccf.kv["with space/é"].size] } };`;
  expect(host.json(body)).toEqual({
    own: ["_map_name", "has", "get", "forEach", "getVersionOfPreviousWrite", "set", "delete", "clear"],
    all: 9,
    json: '{"_map_name":"shape"}',
    kv: [],
    same: false,
    symbol: "object",
    odd: [0, 0],
  });
});

const PROBE_ACCESS = (table: string): string => `
  const m = ccf.kv[${JSON.stringify(table)}], k = new ArrayBuffer(1);
  const probe = (f) => { try { f(); return "ok"; } catch (e) { return e.name; } };
  return { body: [probe(() => m.get(k)), probe(() => m.size), probe(() => m.forEach(() => {})), probe(() => m.set(k, k)), probe(() => m.clear())].join() };`;

test.each([
  ["t", "app-rw", "ok,ok,ok,ok,ok"],
  ["public:t", "app-rw", "ok,ok,ok,ok,ok"],
  ["t", "app-ro", "ok,ok,ok,TypeError,TypeError"],
  ["public:ccf.gov.members.info", "app-rw", "ok,ok,ok,TypeError,TypeError"],
  ["public:ccf.internal.signatures", "app-rw", "ok,ok,ok,TypeError,TypeError"],
  ["ccf.gov.secret", "app-rw", "TypeError,TypeError,TypeError,TypeError,TypeError"],
  ["ccf.internal.secret", "app-ro", "TypeError,TypeError,TypeError,TypeError,TypeError"],
])("%s in %s: %s", (table, context, expected) => {
  const outcome = host.run(PROBE_ACCESS(table), { mode: context === "app-rw" ? "readwrite" : "readonly" });
  expect(outcome.kind === "value" && textOf(outcome.value.body)).toBe(expected);
});

test.each([
  ["t", "gov-ro", "TypeError,TypeError,TypeError,TypeError,TypeError"],
  ["public:ccf.gov.x", "gov-ro", "ok,ok,ok,TypeError,TypeError"],
  ["public:ccf.gov.x", "gov-rw", "ok,ok,ok,ok,ok"],
  ["public:ccf.internal.x", "gov-rw", "ok,ok,ok,TypeError,TypeError"],
  ["public:t", "gov-rw", "TypeError,TypeError,TypeError,TypeError,TypeError"],
] as const)("%s in %s: %s", (table, context, expected) => {
  const outcome = host.govern(`export function f() { ${PROBE_ACCESS(table)} }`, "f", { context });
  expect(outcome.kind === "value" && outcome.value.data).toEqual({ body: expected });
});

test("denials say what, where and why", () => {
  expect(host.json('return { body: attempt(() => ccf.kv.t.set(S("k"), S("v"))) };', { mode: "readonly" })).toEqual(
    denial("set", "t", "read-only", "read-only application"),
  );
  expect(host.json('return { body: attempt(() => ccf.kv["ccf.gov.x"].has(S("k"))) };')).toEqual(
    denial("has", "ccf.gov.x", "inaccessible", "application"),
  );
  expect(host.json('return { body: attempt(() => ccf.kv["ccf.gov.x"].has()) };')).toEqual(
    denial("has", "ccf.gov.x", "inaccessible", "application"),
  );
  expect(host.json('return { body: attempt(() => ccf.kv["ccf.gov.x"].size) };')).toEqual({
    error: ["TypeError", 'Cannot call "size" on table named ccf.gov.x. '],
  });
});

test("a handle of one table gives no way into another", () => {
  const body = `const m = ccf.kv.t, k = S("k"); m._map_name = "ccf.gov.secret";
    return { body: [attempt(() => m.get(k)), attempt(() => ccf.kv.t.get.call({ _map_name: "public:ccf.gov.x" }, k)), attempt(() => ccf.kv.t.set.call({ _map_name: "public:ccf.gov.x" }, k, k))] };`;
  expect(host.json(body)).toEqual([
    denial("get", "ccf.gov.secret", "inaccessible", "application"),
    { ok: "(undefined)" },
    denial("set", "public:ccf.gov.x", "read-only", "application"),
  ]);
});

test.each(["public:ccf.other", "ccf.other", "public:ccf.govx", "public:ccf."])(
  "the reserved name %s ends the call, whatever the guest catches",
  (name) => {
    const outcome = host.run(
      `try { ccf.kv[${JSON.stringify(name)}]; } catch {} try { ccf.kv.t.set(S("k"), S("v")); } catch {} return { body: "went on" };`,
    );
    expect(outcome).toMatchObject({
      kind: "fault",
      message: `Map name '${name.replace("public:", "")}' includes disallowed reserved prefix 'ccf.'`,
    });
  },
);
