import { endpoint, type Endpoint } from "../bundle.js";
import type { Play } from "../play.js";
import { act, type Action } from "../proposal.js";
import { scenario, type Suite } from "../suite.js";

/* Dispatch to application endpoints, the request object, and the mapping of results to responses. */

const ECHO = `return { body: { method: request.method, path: request.path, route: request.route, url: request.url, query: request.query, params: request.params, hostname: request.hostname === null ? null : typeof request.hostname, caller: request.caller } };`;
/** Limits as they are by default, but for the time, and what is told of exceptions. */
const runtimeOptions = (milliseconds: number, details: object): Action =>
  act("set_js_runtime_options", {
    max_heap_bytes: 104857600,
    max_stack_bytes: 1048576,
    max_execution_time_ms: milliseconds,
    ...details,
  });
const DEFAULTS = runtimeOptions(1000, { log_exception_details: false, return_exception_details: false });

/** Plays with exceptions told to the caller, then puts the defaults back. */
async function withDetails(t: Play, play: () => Promise<unknown>): Promise<void> {
  await t.gov.pass(runtimeOptions(1000, { return_exception_details: true, log_exception_details: false }));
  try {
    await play();
  } finally {
    await t.gov.pass(DEFAULTS);
  }
}

export const appRoutingAndRequest: Suite = {
  name: "app-routing-and-request",
  title: "routing, requests and responses of the app",

  scenarios: [
    scenario("echo-of-simple-requests", async (t) => {
      await t.install({ echo: { method: ["get", "post", "put", "delete"], code: ECHO } });
      for (const m of ["get", "post", "put", "delete"]) await t.call("echo", { label: m, method: m });
      await t.call("echo", { label: "query", query: "a=1&b=2&a=3" });
      await t.call("echo", { label: "escaped query", query: "a=%20x%2B%26&b=%C3%A9&c=a+b" });
      await t.call("echo", { label: "bare query", query: "flag" });
      await t.call("echo", { label: "empty query", path: "/echo?" });
      await t.call("echo", { label: "query with question mark", query: "a=b?c=d" });
    }),
    scenario("path-parameters", async (t) => {
      await t.install({
        one: { path: "/items/{id}", code: ECHO },
        two: { path: "/items/{id}/sub/{sub}", code: ECHO },
        mid: { path: "/x/{a}/y", code: ECHO },
      });
      for (const p of [
        "/items/5",
        "/items/a%20b",
        "/items/a%2Fb",
        "/items/a.b-c_d~e",
        "/items/%C3%A9",
        "/items/a:b",
        "/items/a/sub/b",
        "/items/a/sub/b%41",
        "/x/1/y",
        "/x/1/y/",
        "/items/",
        "/items",
        "/items//sub/x",
        "/items/a/sub/",
        "/items/a/b",
        "/x/1/2/y",
      ]) {
        await t.call("one", { label: p, path: p });
      }
    }),
    scenario("exact-beats-template", async (t) => {
      await t.install({
        tmpl: { path: "/r/{id}", code: `return { body: "template " + request.params.id };` },
        exact: { path: "/r/fixed", code: `return { body: "exact" };` },
      });
      await t.call("exact", { label: "fixed", path: "/r/fixed" });
      await t.call("tmpl", { label: "other", path: "/r/other" });
    }),
    scenario("ambiguous-templates", async (t) => {
      await t.install({
        a: { path: "/m/{x}/b", code: `return { body: "x/b" };` },
        b: { path: "/m/a/{y}", code: `return { body: "a/y" };` },
      });
      await t.call("a", { label: "m/a/b matches both", path: "/m/a/b" });
      await t.call("a", { label: "m/c/b", path: "/m/c/b" });
      await t.call("b", { label: "m/a/c", path: "/m/a/c" });
    }),
    scenario("verbs-not-allowed", async (t) => {
      await t.install({
        g: { path: "/v", code: "return {};" },
        p: { path: "/v", method: "post", code: "return {};" },
        d: { path: "/w/{id}", method: "delete", code: "return {};" },
      });
      await t.call("g", { label: "DELETE /v", path: "/v", method: "delete" });
      await t.call("g", { label: "PATCH /v", path: "/v", method: "patch" });
      await t.call("g", { label: "OPTIONS /v", path: "/v", method: "options" });
      await t.call("g", { label: "HEAD /v", path: "/v", method: "head" });
      await t.call("d", { label: "GET /w/1", path: "/w/1", method: "get" });
      await t.call("d", { label: "OPTIONS /w/1", path: "/w/1", method: "options" });
      await t.call("d", { label: "OPTIONS unknown", path: "/nope", method: "options" });
    }),
    scenario("prefix-and-slashes", async (t) => {
      await t.install({ echo: ECHO });
      await t.get("/app/echo", "/app/echo");
      await t.get("/echo", "/echo");
      await t.get("/app/echo/", "/app/echo/");
      await t.get("/app//echo", "/app//echo");
      await t.get("/APP/echo", "/APP/echo");
      await t.get("/app/ECHO", "/app/ECHO");
      await t.get("/app/./echo", "/app/./echo");
      await t.get("/app/ec%68o", "/app/ec%68o");
      await t.get("/app/app/echo", "/app/app/echo");
    }),
    scenario("request-headers", async (t) => {
      await t.install({
        h: `const h = {}; for (const k of Object.keys(request.headers)) if (!["connection", "host"].includes(k)) h[k] = request.headers[k]; return { body: h };`,
      });
      await t.call("h", { label: "case", headers: { "X-Custom-Name": "Some Value", "x-other": "1" } });
      await t.call("h", { label: "repeated", headers: { "x-multi": ["a", "b"] } });
      await t.call("h", { label: "cookie and accept", headers: { cookie: "a=b; c=d", accept: "text/html, */*;q=0.1" } });
      await t.call("h", { label: "utf-8 bytes", headers: { "x-u": Buffer.from("é").toString("latin1") } });
    }),
    scenario("empty-header-value", async (t) => {
      // CCF 6.0.7 glues the name of a header with an empty value to the next name; compared softly on purpose.
      await t.install({
        h: `const h = {}; for (const k of Object.keys(request.headers)) if (k.startsWith("x-")) h[k] = request.headers[k]; return { body: h };`,
      });
      await t.call("h", { headers: { "x-empty": "", "x-next": "n" }, soft: [".body.json"] });
    }),
    scenario("request-body-readers", async (t) => {
      await t.install({
        text: { method: "post", code: "return { body: { text: request.body.text(), type: typeof request.body.text() } };" },
        json: { method: "post", code: "const v = request.body.json(); return { body: { v, type: typeof v } };" },
        buf: {
          method: "post",
          code: "const b = request.body.arrayBuffer(); return { body: { hex: hex(b), isBuf: b instanceof ArrayBuffer, n: b.byteLength } };",
        },
        twice: { method: "post", code: "return { body: [request.body.text(), request.body.text(), request.body.json()] };" },
        keys: { method: "post", code: "return { body: { req: Object.keys(request).sort(), body: Object.keys(request.body).sort() } };" },
        args: {
          method: "post",
          code: "return { body: [attempt(() => request.body.text(1)), attempt(() => request.body.json(1)), attempt(() => request.body.arrayBuffer(1))] };",
        },
      });
      await t.call("text", { body: "héllo\n" });
      await t.call("text", { label: "text, empty", body: "" });
      await t.call("text", { label: "text, invalid utf-8", body: Buffer.from([0x61, 0xff, 0xfe, 0x62]) });
      await t.call("text", { label: "text, nul", body: Buffer.from([0x61, 0, 0x62]) });
      await t.call("json", { body: '{"a":[1,2.5,"é"],"b":null}' });
      await t.call("json", { label: "json, number", body: "12" });
      await t.call("json", { label: "json, bom", body: "\ufeff{}" });
      await t.call("json", { label: "json, duplicate keys", body: '{"a":1,"a":2}' });
      await t.call("json", { label: "json, big number", body: "123456789012345678901234567890" });
      await t.call("buf", { body: Buffer.from([0, 1, 254, 255]) });
      await t.call("buf", { label: "buf, empty", body: "" });
      await t.call("buf", { label: "buf, no body" });
      await t.call("twice", { body: '"x"' });
      await t.call("keys", { body: "" });
      await t.call("args", { body: "1" });
    }),
    scenario("invalid-json-body", async (t) => {
      await t.install({
        json: { method: "post", code: "return { body: request.body.json() };" },
        caught: {
          method: "post",
          code: "try { request.body.json(); return { body: 'no error' }; } catch (e) { return { statusCode: 400, body: { type: e.name, message: e.message } }; }",
        },
      });
      await t.call("json", { body: "{a:1}" });
      await t.call("json", { label: "empty", body: "" });
      await t.call("caught", { body: "{'a':1}" });
      await t.call("caught", { label: "caught, trailing", body: "1 2" });
      await withDetails(t, async () => {
        await t.call("json", { label: "with details", body: "{a:1}" });
      });
    }),
    scenario("response-body-types", async (t) => {
      const r = (value: string): string => `return { body: ${value} };`;
      await t.callAll({
        object: r("{ a: 1, b: [true, null] }"),
        array: r("[1,2]"),
        string: r("'plain text'"),
        emptyString: r("''"),
        number: r("3.25"),
        zero: r("0"),
        yes: r("true"),
        no: r("false"),
        nul: r("null"),
        undef: r("undefined"),
        missing: "return {};",
        uint8: r("new Uint8Array([1,2,3])"),
        buffer: r("new Uint8Array([9,8]).buffer"),
        sub: r("new Uint8Array([1,2,3,4]).subarray(1,3)"),
        u16: r("new Uint16Array([258])"),
        dataview: r("new DataView(new ArrayBuffer(2))"),
        emptyBuf: r("new ArrayBuffer(0)"),
        date: r("new Date(0)"),
        map: r("new Map([[1,2]])"),
        nested: r("{ x: undefined, f: () => 1, s: Symbol.iterator, n: NaN, i: Infinity }"),
        fn: r("() => 1"),
        toJson: r("{ toJSON() { return 'custom'; } }"),
        utf8: r("'é€😀'"),
        big: r("10n"),
      });
    }),
    scenario("response-status-and-headers", async (t) => {
      await t.callAll({
        created: "return { statusCode: 201, body: 'x' };",
        noContent: "return { statusCode: 204 };",
        teapot: "return { statusCode: 418, body: { a: 1 } };",
        badReq: "return { statusCode: 400, body: { error: { code: 'MyCode', message: 'mine' } } };",
        err: "return { statusCode: 503 };",
        strStatus: "return { statusCode: '200' };",
        floatStatus: "return { statusCode: 200.5 };",
        nullStatus: "return { statusCode: null, body: 'n' };",
        undefStatus: "return { statusCode: undefined };",
        redirect: "return { statusCode: 302, headers: { location: '/app/other' } };",
        ct: "return { body: '<p>', headers: { 'content-type': 'text/html' } };",
        ctCase: "return { body: '<p>', headers: { 'Content-Type': 'text/html' } };",
        custom: "return { headers: { 'x-one': 'a', 'X-Two': 'b', 'x-num': 5, 'x-bool': true, 'x-null': null, 'x-undef': undefined } };",
        headersStr: "return { headers: 'nope', body: 1 };",
        headersArr: "return { headers: ['a', 'b'], body: 1 };",
        retry: "return { statusCode: 202, headers: { 'retry-after': '3', 'cache-control': 'no-store' } };",
        jsonCt: "return { body: { a: 1 }, headers: { 'content-type': 'application/problem+json' } };",
      });
    }),
    scenario("invalid-results", async (t) => {
      await t.callAll({
        none: "",
        num: "return 5;",
        str: "return 'x';",
        nul: "return null;",
        arr: "return [1];",
        bool: "return true;",
        fn: "return () => 1;",
        circ: "const a = {}; a.a = a; return { body: a };",
        bigInt: "return { body: { a: 1n } };",
        badHeader: "return { headers: { 'x-bad': Symbol('s') } };",
        getterThrows: "return { get body () { throw new Error('getter'); } };",
        emptyObj: "return {};",
      });
    }),
    scenario("exceptions", async (t) => {
      const fns = {
        err: "throw new Error('boom');",
        type: "null.x;",
        ref: "undefinedName;",
        str: "throw 'text';",
        obj: "throw { a: 1 };",
        undef: "throw undefined;",
        custom: "class MyError extends Error { constructor (m) { super(m); this.name = 'MyError'; } } throw new MyError('mine');",
        deep: "const f = (n) => { if (n === 0) throw new Error('deep'); return f(n - 1); }; f(5);",
        syntax: "eval('1 +');",
        json: "JSON.parse('{');",
      };
      await t.callAll(fns);
      await withDetails(t, async () => {
        for (const n of Object.keys(fns)) await t.call(n, { label: `${n} with details` });
      });
    }),
    scenario("missing-function-or-module", async (t) => {
      await t.gov.setApp({
        metadata: {
          endpoints: {
            "/nofn": {
              get: endpoint("m.js", "absent", ["no_auth"], "readonly", "never"),
            },
            "/notfn": {
              get: endpoint("m.js", "value", ["no_auth"], "readonly", "never"),
            },
            "/dflt": {
              get: endpoint("m.js", "default", ["no_auth"], "readonly", "never"),
            },
          },
        },
        modules: [{ name: "m.js", module: "export const value = 5; export default function () { return { body: 'default export' }; }" }],
      });
      for (const p of ["nofn", "notfn", "dflt"]) await t.get(p, `/app/${p}`);
    }),
    scenario("modules-and-imports", async (t) => {
      const e = (module: string, name: string): { get: Endpoint } => ({ get: endpoint(module, name, ["no_auth"], "readwrite", "never") });
      await t.gov.setApp({
        metadata: {
          endpoints: {
            "/main": e("src/main.js", "main"),
            "/ns": e("src/main.js", "ns"),
            "/state": e("src/main.js", "state"),
            "/meta": e("src/main.js", "meta"),
            "/cyc": e("src/a.js", "cyc"),
            "/dyn": e("src/main.js", "dyn"),
          },
        },
        modules: [
          {
            name: "src/main.js",
            module: `import { helper } from "./lib/helper.js"; import * as all from "./lib/helper.js"; import dflt, { K } from "/src/lib/dflt.js"; let n = 0; export function main () { return { body: [helper(2), dflt, K] }; } export function ns () { return { body: Object.keys(all).sort() }; } export function state () { n += 1; return { body: n }; } export function meta () { return { body: { url: typeof import.meta.url, thisIs: typeof this } }; } export function dyn () { const p = import("./lib/helper.js"); return { body: { promise: p instanceof Promise } }; }`,
          },
          {
            name: "src/lib/helper.js",
            module: `import { K } from "./dflt.js"; export const helper = (x) => x * K; export const other = 1;`,
          },
          { name: "src/lib/dflt.js", module: `export const K = 21; export default "dflt";` },
          {
            name: "src/a.js",
            module: `import { b } from "./b.js"; export const a = "a"; export function cyc () { return { body: b() }; }`,
          },
          { name: "src/b.js", module: `import { a } from "./a.js"; export const b = () => "b sees " + a;` },
        ],
      });
      for (const p of ["main", "ns", "cyc", "dyn", "meta"]) await t.get(p, `/app/${p}`);
      await t.get("module state, first", "/app/state");
      await t.get("module state, second", "/app/state");
    }),
    scenario("async-handlers", async (t) => {
      await t.callAll({
        plain: { async: true, code: "return { body: 'x' };" },
        awaits: { async: true, code: "const v = await Promise.resolve(5); return { body: v };" },
        rejects: { async: true, code: "throw new Error('rejected');" },
        promise: "return Promise.resolve({ body: 1 });",
        then: "return { then (f) { f({ body: 2 }); } };",
        body: "return { body: Promise.resolve(1) };",
        jobs: "let x = 0; Promise.resolve().then(() => { x = 1; }); return { body: x };",
      });
    }),
    scenario("runtime-limits", async (t) => {
      const fns = {
        loop: "while (true) {}",
        recurse: "const f = () => f() + 1; return { body: f() };",
        alloc: "const a = []; while (true) a.push(new Array(100000).fill(1.5));",
      };
      await t.callAll(fns);
      await t.gov.pass(runtimeOptions(200, { log_exception_details: false, return_exception_details: true }));
      const start = Date.now();
      await t.call("loop", { label: "loop, 200 ms" });
      t.note("stopped early", Date.now() - start < 900);
      await t.gov.pass(DEFAULTS);
    }),
    scenario("verbs-defined-by-the-app", async (t) => {
      await t.install({
        h: { path: "/verb", method: "head", code: "return { headers: { 'x-from': 'head' } };" },
        p: { path: "/verb", method: "patch", code: "return { body: 'patched ' + request.body.text() };" },
        o: { path: "/own", method: "options", code: "return { body: 'mine', headers: { 'x-from': 'options' } };" },
        up: { path: "/own", method: "GET", code: "return { body: 'upper case verb' };" },
      });
      await t.call("h", { method: "head" });
      await t.call("p", { method: "patch", body: "it" });
      await t.call("h", { label: "GET /verb", method: "get" });
      await t.call("o", { label: "OPTIONS /own", method: "options" });
      await t.call("up", { label: "GET /own", method: "get" });
    }),
    scenario("a-missing-session-id-header-is-no-problem", async (t) => {
      await t.install({ r: "return { body: request.headers['x-ms-ccf-transaction-id'] ?? null };" });
      await t.call("r", { label: "known header is passed on", headers: { "x-ms-ccf-transaction-id": "2.3" } });
      await t.call("r", { label: "unreachable id is ignored", headers: { "x-ms-ccf-transaction-id": "9.99" } });
    }),
  ],
};
