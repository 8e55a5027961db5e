import { afterAll, beforeAll, expect, test } from "vitest";
import { openService, type Place } from "./service.js";

let place: Place;
beforeAll(async () => {
  const run = "return new Function('request', request.body.text())(request);";
  place = await openService(
    { "POST /run": run, "POST /reused": { body: run, reuse: "shared" }, "GET /read": { body: run, mode: "readonly" } },
    {},
    afterAll,
  );
});

async function run(body: string, path = "/run"): Promise<unknown> {
  const answer = await place.call("POST", path, body);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

const HOST_NAMES = [
  ...["process", "require", "module", "global", "Buffer", "fetch", "WebAssembly", "Worker", "setTimeout", "setImmediate", "queueMicrotask"],
  ...["postMessage", "Deno", "os", "std", "navigator", "performance", "__filename"],
];

test("a guest has nothing of Node among its globals, nor behind anything that it can reach", async () => {
  const found = (await run(`
    const names = ${JSON.stringify(HOST_NAMES)};
    const seen = new Set();
    const visit = (value) => {
      if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) return;
      seen.add(value);
      for (const key of Reflect.ownKeys(value)) {
        try { visit(value[key]); } catch {}
      }
      visit(Object.getPrototypeOf(value));
    };
    visit(globalThis);
    visit(request);
    const makers = new Set([...seen].filter((value) => typeof value === "function").map(({ constructor }) => constructor));
    const reached = [];
    for (const make of makers) {
      for (const name of names) {
        const result = make("return typeof " + name)();
        if (typeof result === "string" && result !== "undefined") reached.push(name);
      }
    }
    return { body: { objects: seen.size, reached } };`)) as { objects: number; reached: unknown };
  expect(found.objects).toBeGreaterThan(100);
  expect(found.reached).toEqual([]);
});

test.each([
  "node:fs",
  "fs",
  "process",
  "file:///etc/passwd",
  "../../../etc/passwd",
  "/etc/passwd",
  "data:text/javascript,1",
  "https://127.0.0.1/x.js",
  "std",
  "os",
])("an application that imports %s does not load", async (specifier) => {
  const module = `import * as x from ${JSON.stringify(specifier)}; export function f() { return { body: Object.keys(x) }; }`;
  await place.propose({
    apply: `ccf.kv["public:ccf.gov.modules"].set(ccf.strToBuf("/import.js"), ccf.strToBuf(${JSON.stringify(module)}));
        const row = ccf.bufToJsonCompatible(ccf.kv["public:ccf.gov.endpoints"].get(ccf.strToBuf("POST /run")));
        ccf.kv["public:ccf.gov.endpoints"].set(ccf.strToBuf("POST /import"), ccf.jsonCompatibleToBuf({ ...row, js_module: "/import.js", js_function: "f" }));`,
  });
  expect(await place.call("POST", "/import")).toMatchObject({ status: 500, body: { error: { code: "InternalError" } } });
});

test("what a guest throws and prints shows nothing of the host's files", async () => {
  const traces = await run(`
    const traces = [];
    for (const f of [() => null.x, () => ccf.kv["t"].get(1), () => ccf.crypto.wrapKey(1), () => ccf.strToBuf(), () => JSON.parse("{"), () => ccf.kv["t"].forEach(() => { throw new Error("x"); })]) {
      try { f(); } catch (e) { traces.push(String(e) + e.stack); }
    }
    return { body: traces };`);
  expect(JSON.stringify(traces)).not.toMatch(/node:|node_modules|\.js:|file:|wasm/i);
});

test("private tables of governance and of the service are out of reach, and public ones cannot be written", async () => {
  const tables = ["ccf.gov.members.encrypted", "ccf.gov.x", "ccf.internal.x", "ccf.internal.historical_encrypted_ledger_secret"];
  for (const table of tables) {
    for (const use of ["get(k)", "has(k)", "size", "forEach(() => {})", "set(k, k)", "delete(k)", "clear()"]) {
      const answer = await place.call(
        "POST",
        "/run",
        `const k = new ArrayBuffer(8); ccf.kv[${JSON.stringify(table)}].${use}; return { body: "reached" };`,
      );
      expect([table, use, answer.status]).toEqual([table, use, 500]);
    }
  }
  for (const table of ["public:ccf.gov.members.info", "public:ccf.gov.modules", "public:ccf.internal.signatures"]) {
    for (const use of ["set(k, k)", "delete(k)", "clear()"]) {
      const answer = await place.call(
        "POST",
        "/run",
        `const k = new ArrayBuffer(8); ccf.kv[${JSON.stringify(table)}].${use}; return { body: "reached" };`,
      );
      expect([table, use, answer.status]).toEqual([table, use, 500]);
    }
  }
});

test("a fresh interpreter knows nothing of the request before it, whatever that one changed", async () => {
  await run(`
    globalThis.left = request; Object.prototype.left = "x"; Array.prototype.push = () => 1; JSON.stringify = () => "changed";
    ccf.kv.left = 1; return {};`).catch(() => undefined);
  await run(`globalThis.left = request; Object.prototype.left = "x"; JSON.stringify = () => "changed"; return {};`);
  expect(await run(`return { body: [typeof globalThis.left, typeof ({}).left, JSON.stringify([1]), [].push(1)] };`)).toEqual([
    "undefined",
    "undefined",
    "[1]",
    1,
  ]);
});

test("what a reused interpreter kept of an earlier request is of no use in the next one", async () => {
  await run(
    `globalThis.kept = { request, table: ccf.kv["rows"], rpc: ccf.rpc }; ccf.kv["rows"].set(ccf.strToBuf("a"), ccf.strToBuf("secret")); return {};`,
    "/reused",
  );
  // The body belongs to the call that is running; a table is that of the transaction that is running.
  const second = (await run(
    `let body; try { body = kept.request.body.text(); } catch (e) { body = e.name; }
     return { body: [body, ccf.bufToStr(kept.table.get(ccf.strToBuf("a")))] };`,
    "/reused",
  )) as string[];
  expect(second[0]).not.toContain("secret");
  expect(second[1]).toBe("secret");
});

test("a request that fails has left nothing that the next one can read", async () => {
  await place.call("POST", "/run", `ccf.kv["rows"].set(ccf.strToBuf("dropped"), ccf.strToBuf("x")); throw new Error("no");`);
  expect(await run(`return { body: ccf.kv["rows"].has(ccf.strToBuf("dropped")) };`)).toBe(false);
});
