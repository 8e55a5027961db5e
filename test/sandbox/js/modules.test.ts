import { afterAll, beforeAll, expect, test } from "vitest";
import { resolveModule } from "../../../sandbox/enclave/js/moduleNames.js";
import { bytes, GuestHost, jsonOf } from "./guest.js";

let host: GuestHost;
beforeAll(async () => {
  host = await GuestHost.start();
});
afterAll(() => {
  host.engine.dispose();
});

test("modules are found relative to the importer, from the root, and without a leading slash", () => {
  host.install({
    "/src/main.js": `import { helper } from "./lib/helper.js"; import * as all from "../src/lib/helper.js"; import d, { K } from "/src/lib/d.js"; import { K as k } from "src/lib/d.js";
      export function main() { return { body: [helper(2), Object.keys(all), d, K === k, typeof import.meta.url, typeof this] }; }`,
    "/src/lib/helper.js": `import { K } from "./d.js"; export const helper = (x) => x * K.n; export const other = 1;`,
    "/src/lib/d.js": `export const K = { n: 21 }; export default "d";`,
  });
  expect(jsonOf(host.call({ jsModule: "/src/main.js" }))).toEqual([42, ["helper", "other"], "d", true, "undefined", "undefined"]);
});

test("names resolve as QuickJS resolves them", () => {
  expect(resolveModule("/a/b.js", "./c.js")).toBe("/a/c.js");
  expect(resolveModule("/a/b.js", "../../../c.js")).toBe("/c.js");
  expect(resolveModule("/a/b.js", "c/../d.js")).toBe("/c/../d.js");
  expect(resolveModule("/b.js", "#entry:/b.js")).toBe("/#entry:/b.js");
});

test("modules may import each other in a circle, and export what others export", () => {
  host.install({
    "/main.js": `import { b } from "./b.js"; export const a = "a"; export { main } from "./c.js"; export const viaB = () => b();`,
    "/b.js": `import { a } from "./main.js"; export const b = () => "b sees " + a;`,
    "/c.js": `import { viaB } from "./main.js"; export function main() { return { body: viaB() }; }`,
  });
  expect(host.call({})).toMatchObject({ kind: "value", value: { body: bytes("b sees a") } });
});

test("a dynamic import is a promise that never settles", () => {
  host.install({
    "/main.js": `let got = 0; export function main() { const p = import("./other.js"); p.then(() => { got = 1; }); return { body: [p instanceof Promise, got] }; }`,
    "/other.js": "",
  });
  expect(jsonOf(host.call({}))).toEqual([true, 0]);
});

test.each([
  ["a module that is not there", {}, "Module '/main.js' could not be loaded"],
  ["an export that is not there", { "/main.js": "export const value = 5;" }, "Failed to find export 'main' in module '/main.js'"],
  ["an export that is no function", { "/main.js": "export const main = 5;" }, "Export 'main' of module '/main.js' is not a function"],
  ["a syntax error", { "/main.js": "export function main( {" }, "Failed to compile module '/main.js': SyntaxError: "],
  [
    "an import that is not there",
    { "/main.js": "import './no.js'; export function main() {}" },
    "Failed to compile module '/main.js': ReferenceError: Module '/no.js' could not be loaded",
  ],
  [
    "an imported syntax error",
    { "/main.js": "import './b.js'; export function main() {}", "/b.js": "][" },
    "Failed to compile module '/main.js': SyntaxError: ",
  ],
  [
    "an imported name that is not exported",
    { "/main.js": "import { no } from './b.js'; export function main() {}", "/b.js": "export const yes = 1;" },
    "Failed to execute /main.js: SyntaxError: ",
  ],
])("%s ends the request", (_what, modules, message) => {
  host.install(modules);
  const outcome = host.call({});
  expect(outcome.kind).toBe("fault");
  expect(outcome.kind === "fault" && outcome.message).toContain(message);
});

test("the constitution fails in words of its own, and imports nothing", () => {
  expect(host.govern("export function f(", "f")).toEqual({ kind: "fault", message: "Failed to compile public:ccf.gov.constitution[0]" });
  expect(host.govern("import '/main.js'; export function f() {}", "f")).toEqual({
    kind: "fault",
    message: "Failed to compile public:ccf.gov.constitution[0]",
  });
  expect(host.govern("", "vote", { moduleName: "ballots[m[1]]" })).toEqual({
    kind: "fault",
    message: "Failed to find export 'vote' in module 'ballots[m[1]]'",
  });
});

test("an exception at the top level is swallowed but logged, and hoisted functions go on working", () => {
  host.logged.length = 0;
  host.install({
    "/main.js": `export function main() { return { body: typeof helper }; } throw new Error("top"); export const late = () => 1; let helper = 1;`,
  });
  expect(host.call({})).toMatchObject({ kind: "threw", reason: "ReferenceError: helper is not initialized" });
  expect(host.call({ jsFunction: "late" })).toMatchObject({
    kind: "fault",
    message: "Export 'late' of module '/main.js' is not a function",
  });
  expect(host.logged[0]).toContain("Exception at the top level of module '/main.js' is ignored: Error: top\n    at <anonymous> (/main.js");
});

test("a default export can be an endpoint", () => {
  host.install({ "/main.js": "export default function () { return { body: 'default' }; }" });
  expect(host.call({ jsFunction: "default" })).toMatchObject({ kind: "value", value: { body: bytes("default") } });
});

test("module state does not outlive a call without interpreter reuse", () => {
  host.install({
    "/main.js": "let n = 0; globalThis.g = (globalThis.g ?? 0) + 1; export function main() { return { body: [++n, globalThis.g] }; }",
  });
  expect([jsonOf(host.call({})), jsonOf(host.call({}))]).toEqual([
    [1, 1],
    [1, 1],
  ]);
});
