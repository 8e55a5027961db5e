import { expect, test } from "vitest";
import type { AppBundle } from "../../../sandbox/index.js";
import { bundleOf, functions, start } from "./application.js";

/** What is logged while each path is asked for twice. */
async function warned(app: AppBundle, ...paths: readonly string[]): Promise<string[]> {
  const { sandbox, logged } = await start(app);
  for (const path of [...paths, ...paths]) expect(await sandbox.request({ url: `/app/${path}` })).toMatchObject({ status: 200 });
  return logged.map((line) => line.replace(/ \[#\d+ [^\]]*\]/, ""));
}

test("a handler that returns a promise is told that CCF answers without it", async () => {
  const module = `
    export async function awaits() { await undefined; return { body: 1 }; }
    export async function rejects() { throw new Error("nobody hears it"); }
    export function fine() { Promise.resolve(1); return { body: 1 }; }`;
  expect(await warned(functions(module), "awaits", "rejects", "fine")).toEqual([
    expect.stringMatching(/^fail warning: GET \/app\/awaits \(\/main\.js\) returns a promise\. CCF never settles promises: it answers 200/),
    expect.stringMatching(/^fail warning: GET \/app\/rejects \(\/main\.js\) returns a promise\./),
  ]);
});

test("a trace also shows why a promise was rejected", async () => {
  const { sandbox, logged } = await start(functions(`export async function f() { throw new Error("nobody hears it"); }`), { trace: true });
  await sandbox.request({ url: "/app/f" });
  expect(logged).toContainEqual(expect.stringContaining("Error: nobody hears it"));
  expect(logged).toContainEqual(expect.stringContaining("    at f (/main.js"));
});

test("a handler that reads the clock is told that it stands still, unless it has asked for the host's", async () => {
  const module = `
    export function now() { for (let i = 0; i < 3; i++) Date.now(); return { body: new Date().getTime() }; }
    export function asked() { ccf.enableUntrustedDateTime(true); return { body: Date.now() }; }
    export function given() { return { body: new Date(5).getTime() + Math.random() }; }`;
  expect(await warned(functions(module), "now", "asked", "given")).toEqual([
    expect.stringMatching(/^fail warning: GET \/app\/now \(\/main\.js\) reads the clock, which stands at 1970-01-01T00:00:00Z/),
  ]);
});

test("a module that uses tables while it loads is told to use them inside of functions", async () => {
  const bundle = bundleOf(
    {
      "GET /handle": { js_module: "handle.js", js_function: "f" },
      "GET /read": { js_module: "read.js", js_function: "f", interpreter_reuse: { key: "k" } },
      "GET /later": { js_module: "later.js", js_function: "f", interpreter_reuse: { key: "k" } },
    },
    {
      "handle.js": `const t = ccf.kv["t"]; export function f() { return {}; }`,
      "read.js": `import { size } from "./size.js"; export function f() { return { body: size }; }`,
      "size.js": `const { kv } = ccf; export const size = kv["t"].size;`,
      "later.js": `const t = () => ccf.kv["t"]; export function f() { return { body: t().size }; }`,
    },
  );
  expect(await warned(bundle, "handle", "read", "later")).toEqual([
    expect.stringMatching(/^fail warning: GET \/app\/handle \(\/handle\.js\) uses ccf\.kv at the top level of a module\./),
    expect.stringMatching(/^fail warning: GET \/app\/read \(\/read\.js\) uses ccf\.kv at the top level of a module\./),
  ]);
});

test("a module that fails while it loads is told what CCF goes on with", async () => {
  const module = `export function f() { return {}; } throw new Error("at the top");`;
  expect(await warned(functions(module), "f")).toEqual([
    expect.stringMatching(/Exception at the top level of module '\/main\.js' is ignored: Error: at the top$/),
    expect.stringMatching(/^fail {5}at <anonymous> \(\/main\.js/),
    expect.stringMatching(/CCF goes on with what is there/),
  ]);
});

test("each application is warned anew", async () => {
  const app = functions("export function now() { return { body: Date.now() }; }");
  const { sandbox, logged } = await start(app);
  await sandbox.request({ url: "/app/now" });
  await sandbox.open({ app });
  await sandbox.request({ url: "/app/now" });
  await sandbox.request({ url: "/app/now" });
  expect(logged).toHaveLength(2);
});
