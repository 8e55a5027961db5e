import { seqnoOf, type Answer } from "../answer.js";
import type { Mode, Operation } from "../bundle.js";
import { scenario, type Suite } from "../suite.js";

/* The key-value store as the app sees it, transaction ids, rollback, access rules. */

/** Each scenario has a table of its own. */
const fresh = (name: string): string => `conf_${name}`;

/** Writes a pair, and goes on. */
const writes = (table: string, key: string, rest: string): Operation => ({
  method: "post",
  code: `table("${table}").set(S("${key}"), S("v")); ${rest}`,
});

/** All pairs of a table. CCF does not specify their order, which is compared softly; the pairs themselves are compared hard. */
const dump = (name: string): string =>
  `const rows = []; table("${name}").forEach((v, k) => rows.push([U(k), U(v)])); return { body: { sorted: rows.slice().sort((a, b) => (a[0] < b[0] ? -1 : 1)), order: rows.map((r) => r[0]) } };`;
const ORDER = { soft: [".body.json.order"] };

const viewOf = ({ tx }: Answer): string | undefined => tx.split(".")[0];

export const appKvAndTx: Suite = {
  name: "app-kv-and-tx",
  title: "key-value store and transactions",

  scenarios: [
    scenario("basic-operations", async (t) => {
      const T = fresh("basic");
      await t.callAll({
        empty: `const m = table("${T}"); return { body: { has: m.has(S("a")), get: m.get(S("a")) === undefined, size: m.size, del: attempt(() => m.delete(S("a"))), clear: attempt(() => m.clear()) } };`,
        put: {
          method: "post",
          code: `const m = table("${T}"); const r = m.set(S("a"), S("1")); m.set(S("b"), S("2")); return { body: { same: r === m, type: typeof r, size: m.size } };`,
          req: { write: true },
        },
        read: `const m = table("${T}"); return { body: { a: U(m.get(S("a"))), b: U(m.get(S("b"))), has: m.has(S("b")), size: m.size, isBuf: m.get(S("a")) instanceof ArrayBuffer } };`,
        overwrite: { method: "post", code: `table("${T}").set(S("a"), S("one")); return {};`, req: { write: true } },
        del: {
          method: "post",
          code: `const m = table("${T}"); const r = m.delete(S("b")); return { body: { r: r === undefined ? "undefined" : r === m ? "map" : r, again: attempt(() => m.delete(S("zzz"))) } };`,
          req: { write: true },
        },
        read2: `const m = table("${T}"); return { body: { a: U(m.get(S("a"))), b: m.has(S("b")), size: m.size } };`,
        clear: {
          method: "post",
          code: `const m = table("${T}"); const r = m.clear(); return { body: { r: r === undefined ? "undefined" : typeof r, size: m.size } };`,
          req: { write: true },
        },
        read3: `return { body: table("${T}").size };`,
      });
    }),
    scenario("iteration", async (t) => {
      const T = fresh("iter");
      await t.install({
        put: {
          method: "post",
          code: `const m = table("${T}"); for (const k of ["delta", "alpha", "charlie", "bravo", "echo", "10", "9", "1"]) m.set(S(k), S("v-" + k)); return {};`,
        },
        list: dump(T),
        early: `let n = 0; table("${T}").forEach(() => { n += 1; return false; }); return { body: n };`,
        early2: `let n = 0; table("${T}").forEach(() => { n += 1; return n < 3; }); return { body: n };`,
        args: `let a; table("${T}").forEach(function (...x) { a = [x.length, x[0] instanceof ArrayBuffer, x[1] instanceof ArrayBuffer, x[2] === table("${T}"), typeof x[2]]; }); return { body: a };`,
        ret: `const r = table("${T}").forEach(() => {}); return { body: r === undefined ? "undefined" : typeof r };`,
        throws: `try { table("${T}").forEach(() => { throw new Error("inside"); }); } catch (e) { return { body: { message: e.message } }; } return { body: "no error" };`,
        bad: `return { body: [attempt(() => table("${T}").forEach()), attempt(() => table("${T}").forEach(5)), attempt(() => table("${T}").forEach(() => {}, 1))] };`,
      });
      await t.call("put", { write: true });
      await t.call("list", ORDER);
      for (const n of ["early", "early2", "args", "ret", "throws", "bad"]) await t.call(n);
    }),
    scenario("iteration-with-pending-writes", async (t) => {
      const T = fresh("pend");
      await t.install({
        put: { method: "post", code: `const m = table("${T}"); for (const k of ["a", "b", "c"]) m.set(S(k), S(k)); return {};` },
        mix: {
          method: "post",
          code: `const m = table("${T}"); m.delete(S("b")); m.set(S("d"), S("d")); m.set(S("a"), S("changed")); ${dump(T)}`,
        },
        inside: {
          method: "post",
          code: `const m = table("${T}"); const seen = []; m.forEach((v, k) => { seen.push(U(k)); m.set(S("n-" + U(k)), S("x")); }); return { body: { seen: seen.sort(), size: m.size } };`,
        },
        delInside: {
          method: "post",
          code: `const m = table("${T}"); let n = 0; m.forEach((v, k) => { n += 1; m.delete(k); }); return { body: { n, size: m.size } };`,
        },
        list: dump(T),
      });
      await t.call("put");
      await t.call("mix", { ...ORDER, write: true });
      await t.call("list", { ...ORDER, label: "list after mix" });
      await t.call("inside", { write: true });
      await t.call("list", { ...ORDER, label: "list after inside" });
      await t.call("delInside", { write: true });
      await t.call("list", { ...ORDER, label: "list after delInside" });
    }),
    scenario("read-your-writes", async (t) => {
      const T = fresh("ryw");
      await t.callAll({
        ryw: {
          method: "post",
          code: `const m = table("${T}"); const out = []; out.push(m.size); m.set(S("k"), S("1")); out.push(U(m.get(S("k"))), m.has(S("k")), m.size); m.set(S("k"), S("2")); out.push(U(m.get(S("k"))), m.size); m.delete(S("k")); out.push(m.has(S("k")), m.get(S("k")) === undefined, m.size); return { body: out };`,
          req: { write: true },
        },
        two: {
          method: "post",
          code: `const a = table("${T}"), b = table("${T}"); a.set(S("x"), S("y")); return { body: [U(b.get(S("x"))), a === b] };`,
          req: { write: true },
        },
        after: `return { body: [table("${T}").size, U(table("${T}").get(S("x")))] };`,
      });
    }),
    scenario("wrong-argument-types", async (t) => {
      const T = fresh("types");
      await t.callAll({
        bad: {
          method: "post",
          code: `const m = table("${T}"); const b = new ArrayBuffer(2); const o = {}; const go = (n, f) => { o[n] = attempt(f); };
      go("get string", () => m.get("a")); go("get nothing", () => m.get()); go("get two", () => m.get(b, b)); go("get uint8array", () => m.get(new Uint8Array(2))); go("has number", () => m.has(5)); go("set string key", () => m.set("a", b)); go("set string value", () => m.set(b, "a")); go("set uint8array", () => m.set(b, new Uint8Array([1]))); go("set one", () => m.set(b)); go("set null", () => m.set(b, null)); go("set undefined", () => m.set(b, undefined)); go("set three", () => m.set(b, b, b) === m); go("delete string", () => m.delete("a")); go("clear with argument", () => m.clear(1)); go("version string", () => m.getVersionOfPreviousWrite("a")); go("size call", () => m.size()); return { body: o };`,
        },
        empties: {
          method: "post",
          code: `const m = table("${T}"); m.clear(); m.set(new ArrayBuffer(0), new ArrayBuffer(0)); const v = m.get(new ArrayBuffer(0)); return { body: { size: m.size, len: v.byteLength } };`,
        },
      });
    }),
    scenario("map-handle-shape", async (t) => {
      const T = fresh("shape");
      await t.callAll({
        shape: `const m = table("${T}"); const names = []; for (let p = m; p && p !== Object.prototype; p = Object.getPrototypeOf(p)) names.push(...Object.getOwnPropertyNames(p)); return { body: { names: names.sort(), own: attempt(() => Object.keys(m)), str: attempt(() => String(m)), json: attempt(() => JSON.stringify(m)), kvKeys: attempt(() => Object.keys(ccf.kv)), kvStr: attempt(() => String(ccf.kv)), sizeWritable: attempt(() => { "use strict"; m.size = 5; return m.size; }) } };`,
        assign: {
          method: "post",
          code: `return { body: [attempt(() => { ccf.kv["${T}"] = 1; return typeof ccf.kv["${T}"]; }), attempt(() => { delete ccf.kv["${T}"]; return typeof ccf.kv["${T}"]; })] };`,
        },
        symbol: `return { body: attempt(() => typeof ccf.kv[Symbol.iterator]) };`,
        num: `return { body: attempt(() => ccf.kv[5].size) };`,
        emptyName: `return { body: attempt(() => ccf.kv[""].size) };`,
        odd: `return { body: attempt(() => [ccf.kv["with space/é"].size, ccf.kv["a".repeat(300)].size]) };`,
      });
    }),
    scenario("version-of-previous-write", async (t) => {
      const T = fresh("ver");
      await t.install({
        put: { method: "post", code: `table("${T}").set(S(request.query), S("v")); return {};` },
        ver: `const v = table("${T}").getVersionOfPreviousWrite(S(request.query)); return { body: { v: v === undefined ? "undefined" : v, type: typeof v } };`,
        within: {
          method: "post",
          code: `const m = table("${T}"); const before = m.getVersionOfPreviousWrite(S("k")); m.set(S("k"), S("z")); const after = m.getVersionOfPreviousWrite(S("k")); m.delete(S("k")); const gone = m.getVersionOfPreviousWrite(S("k")); return { body: { sameBeforeAfter: before === after, gone: gone === before } };`,
        },
        del: { method: "post", code: `table("${T}").delete(S("k")); return {};` },
      });
      await t.call("ver", { label: "never written", query: "k" });
      const a = await t.call("put", { query: "k", write: true });
      const version = async (): Promise<number> => ((await t.client.request("GET", "/app/ver?k")).json as { v: number }).v;
      const v1 = await version();
      t.note("is the seqno of the write", v1 === seqnoOf(a.tx));
      const b = await t.call("put", { label: "put again", query: "k", write: true });
      const v2 = await version();
      t.note("moves on", [v2 === seqnoOf(b.tx), v2 > v1]);
      await t.call("put", { label: "other key", query: "other", write: true });
      t.note("other key does not matter", (await version()) === v2);
      await t.call("within", { write: true });
      await t.call("del", { write: true });
      await t.call("ver", { label: "deleted", query: "k" });
    }),
    scenario("rollback-rules", async (t) => {
      const T = fresh("roll");
      const w = (key: string, rest: string): Operation => writes(T, key, rest);
      await t.install({
        ok: w("ok", "return {};"),
        s201: w("s201", "return { statusCode: 201 };"),
        s204: w("s204", "return { statusCode: 204 };"),
        s302: w("s302", "return { statusCode: 302 };"),
        s400: w("s400", "return { statusCode: 400 };"),
        s404: w("s404", "return { statusCode: 404, body: 'x' };"),
        s500: w("s500", "return { statusCode: 500 };"),
        throws: w("throws", "throw new Error('x');"),
        notObject: w("notObject", "return 5;"),
        badBody: w("badBody", "return { body: 1n };"),
        badStatus: w("badStatus", "return { statusCode: 'x' };"),
        s226: w("s226", "return { statusCode: 226 };"),
        list: dump(T),
      });
      for (const k of ["ok", "s201", "s204", "s302", "s400", "s404", "s500", "throws", "notObject", "badBody", "badStatus", "s226"]) {
        await t.call(k);
      }
      await t.call("list", ORDER);
    }),
    scenario("set-apply-writes", async (t) => {
      const T = fresh("apply");
      const w = (key: string, rest: string): Operation => writes(T, key, rest);
      await t.install({
        force400: w("force400", "ccf.rpc.setApplyWrites(true); return { statusCode: 400 };"),
        force500: w("force500", "ccf.rpc.setApplyWrites(true); return { statusCode: 500, body: 'e' };"),
        drop200: w("drop200", "ccf.rpc.setApplyWrites(false); return { body: 'fine' };"),
        forceThrow: w("forceThrow", "ccf.rpc.setApplyWrites(true); throw new Error('x');"),
        truthy: w("truthy", "ccf.rpc.setApplyWrites('yes'); return { statusCode: 400 };"),
        falsy: w("falsy", "ccf.rpc.setApplyWrites(0); return {};"),
        twice: w("twice", "ccf.rpc.setApplyWrites(false); ccf.rpc.setApplyWrites(true); return { statusCode: 404 };"),
        args: `return { body: [attempt(() => ccf.rpc.setApplyWrites()), attempt(() => ccf.rpc.setApplyWrites(true, 1))] };`,
        list: dump(T),
      });
      for (const k of ["force400", "force500", "drop200", "forceThrow", "truthy", "falsy", "twice", "args"]) await t.call(k);
      await t.call("list", ORDER);
    }),
    scenario("readonly-endpoints", async (t) => {
      const T = fresh("ro");
      await t.install({
        put: { method: "post", code: `table("${T}").set(S("k"), S("v")); return {};` },
        read: { mode: "readonly", code: `const m = table("${T}"); return { body: [m.size, U(m.get(S("k"))), m.has(S("k"))] };` },
        set: { mode: "readonly", code: `return { body: attempt(() => { table("${T}").set(S("k"), S("x")); }) };` },
        del: { mode: "readonly", code: `return { body: attempt(() => { table("${T}").delete(S("k")); }) };` },
        clear: { mode: "readonly", code: `return { body: attempt(() => { table("${T}").clear(); }) };` },
        uncaught: { mode: "readonly", method: "post", code: `table("${T}").set(S("k"), S("x")); return {};` },
      });
      await t.call("put");
      for (const k of ["read", "set", "del", "clear", "uncaught"]) await t.call(k);
      await t.call("read", { label: "unchanged" });
    }),
    scenario("table-access-by-name", async (t) => {
      const names = [
        "conf_acc_private",
        "public:conf_acc",
        "public:ccf.gov.members.info",
        "public:ccf.gov.users.info",
        "public:ccf.internal.signatures",
        "public:ccf.gov.conf.unused",
        "ccf.gov.x",
        "ccf.internal.x",
        "public:other:x",
        "Public:x",
      ];
      const probe = (mode: Mode): Operation => ({
        mode,
        method: mode === "readonly" ? "get" : "post",
        code: `const o = {}; const k = S("probe"); for (const n of ${JSON.stringify(names)}) { const m = ccf.kv[n]; const f = (g) => { const r = attempt(g); return r.error ? r.error : "ok"; }; o[n] = { has: f(() => m.has(k)), get: f(() => m.get(k)), size: f(() => m.size), forEach: f(() => m.forEach(() => {})), set: f(() => { m.set(k, k); }), del: f(() => { m.delete(k); }), clear: n.startsWith("public:ccf.") ? f(() => { m.clear(); }) : "skipped" }; } ccf.rpc.setApplyWrites(false); return { body: o };`,
      });
      await t.install({ rw: probe("readwrite"), ro: probe("readonly") });
      await t.call("rw");
      await t.call("ro");
    }),
    scenario("governance-tables-are-readable", async (t) => {
      await t.install({
        m: `const o = []; ccf.kv["public:ccf.gov.members.info"].forEach((v, k) => o.push([ccf.bufToStr(k), ccf.bufToJsonCompatible(v)])); return { body: o.sort((a, b) => (JSON.stringify(a[1]) + a[0] < JSON.stringify(b[1]) + b[0] ? -1 : 1)).map((x) => ({ ...x[1], idLength: x[0].length })) };`,
        cert: `const id = S("${t.members[0].id}"); return { body: ccf.bufToStr(ccf.kv["public:ccf.gov.members.certs"].get(id)) };`,
        info: `const j = ccf.bufToJsonCompatible(ccf.kv["public:ccf.gov.service.info"].get(new ArrayBuffer(8))); return { body: { keys: Object.keys(j).sort(), status: j.status } };`,
        config: `return { body: ccf.bufToJsonCompatible(ccf.kv["public:ccf.gov.service.config"].get(new ArrayBuffer(8))) };`,
        endpoints: `const o = []; ccf.kv["public:ccf.gov.endpoints"].forEach((v, k) => o.push(ccf.bufToStr(k))); return { body: o.sort() };`,
        modules: `const o = []; ccf.kv["public:ccf.gov.modules"].forEach((v, k) => o.push(ccf.bufToStr(k))); return { body: o.sort() };`,
        constitution: `const v = ccf.kv["public:ccf.gov.constitution"].get(new ArrayBuffer(8)); return { body: typeof ccf.bufToJsonCompatible(v) };`,
        sig: `const v = ccf.kv["public:ccf.internal.signatures"].get(new ArrayBuffer(8)); return { body: Object.keys(ccf.bufToJsonCompatible(v)).sort() };`,
      });
      for (const k of ["m", "cert", "info", "config", "endpoints", "modules", "constitution", "sig"]) {
        await t.call(k, k === "sig" ? { soft: [".body.json"] } : {});
      }
    }),
    scenario("transaction-id-header", async (t) => {
      const T = fresh("txid");
      await t.install({
        w: { method: "post", code: `table("${T}").set(S("k"), S("v")); return {};` },
        r: "return { body: 1 };",
        rk: `return { body: table("${T}").size };`,
        ro: { mode: "readonly", code: `return { body: table("${T}").size };` },
        fail: { method: "post", code: `table("${T}").set(S("k"), S("v")); return { statusCode: 400 };` },
        nochange: { method: "post", code: `const m = table("${T}"); m.get(S("k")); return {};` },
        sameValue: { method: "post", code: `const m = table("${T}"); m.set(S("k"), S("v")); return {};` },
        delMissing: { method: "post", code: `table("${T}").delete(S("absent")); return {};` },
      });
      await t.call("w", { write: true });
      for (const k of ["r", "rk", "ro", "fail", "nochange"]) await t.call(k);
      await t.call("sameValue", { write: true });
      await t.call("delMissing", { write: true });
      const a = await t.client.request("POST", "/app/w", { body: "" });
      const b = await t.client.request("POST", "/app/w", { body: "" });
      t.note("seqnos increase, view stays", [seqnoOf(b.tx) > seqnoOf(a.tx), viewOf(a) === viewOf(b)]);
      const c = await t.client.request("GET", "/app/rk");
      t.note("a read is not before the last write", seqnoOf(c.tx) >= seqnoOf(b.tx));
    }),
    scenario("status-from-pending-to-committed", async (t) => {
      const T = fresh("stat");
      await t.install({
        w: { method: "post", code: `table("${T}").set(S("k"), S(request.body.text())); return {};` },
        st: `const [v, s] = request.query.split(".").map(Number); return { body: { status: ccf.consensus.getStatusForTxId(v, s), view: ccf.consensus.getViewForSeqno(s), commit: Object.keys(ccf.consensus.getLastCommittedTxId()).sort() } };`,
      });
      await t.client.waitCommitted((await t.client.request("POST", "/app/w", { body: "0" })).tx);
      const r = await t.call("w", { body: "1", write: true });
      const early = await t.client.txStatus(r.tx);
      t.note("right after the write", ["Pending", "Committed"].includes(early));
      await t.client.waitCommitted(r.tx);
      await t.call("st", { label: "committed", query: r.tx });
      await t.call("st", { label: "far future", query: "2.100000000" });
      await t.call("st", { label: "earlier view", query: `1.${seqnoOf(r.tx)}` });
    }),
    scenario("parallel-counters", async (t) => {
      const T = fresh("cnt");
      await t.install({
        inc: {
          method: "post",
          code: `const m = table("${T}"); const k = S("n"); const v = m.has(k) ? ccf.bufToJsonCompatible(m.get(k)) : 0; m.set(k, ccf.jsonCompatibleToBuf(v + 1)); return { body: v + 1 };`,
        },
        get: `return { body: ccf.bufToJsonCompatible(table("${T}").get(S("n"))) };`,
      });
      const rs = await Promise.all(Array.from({ length: 20 }, () => t.client.request("POST", "/app/inc", { body: "" })));
      const allSucceed = rs.every((r) => r.status === 200);
      t.note("all succeed", allSucceed);
      const values = rs.map((r) => r.json as number).sort((a, b) => a - b);
      t.note("every value once", values);
      t.note("all transaction ids differ", new Set(rs.map((r) => r.tx)).size);
      await t.call("get");
    }),
  ],
};
