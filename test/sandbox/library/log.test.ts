import { build } from "esbuild";
import { expect, test } from "vitest";
import { startSandbox } from "../../../sandbox/index.js";
import { bundleOf, functions, start, type Endpoints } from "./application.js";

const SOURCE = `type Depth = { readonly left: number };

function deep({ left }: Depth): number {
  if (left === 0)
    // and then

    throw new Error("deep");
  return deep({ left: left - 1 }) + 1;
}

export function fail(): unknown {
  return { body: deep({ left: 1 }) };
}

export function print(): unknown {
  try {
    deep({ left: 0 });
  } catch (error) {
    console.error((error as Error).stack);
  }
  return {};
}
`;

/** What a bundler makes of it, with its source map in the text or beside it. */
async function built(sourcemap: "inline" | "external"): Promise<{ module: string; map: string }> {
  const { outputFiles } = await build({
    stdin: { contents: SOURCE, loader: "ts", sourcefile: "src/main.ts" },
    outfile: "/main.js",
    format: "esm",
    sourcemap,
    write: false,
  });
  const text = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "";
  return { module: text(".js"), map: text(".map") };
}

const endpoints: Endpoints = {
  "GET /fail": { js_module: "main.js", js_function: "fail" },
  "GET /print": { js_module: "main.js", js_function: "print" },
};

const MAPPED = "    at deep (src/main.ts:7)\n    at deep (src/main.ts:8)\n    at fail (src/main.ts:12)";

test("exceptions show where they were thrown in the source, by the map in the module", async () => {
  const { module } = await built("inline");
  const { sandbox, logged } = await start(bundleOf(endpoints, { "main.js": module }), { trace: true });
  await sandbox.request({ url: "/app/fail" });
  expect(logged).toContainEqual(expect.stringMatching(/^fail \[#\d+ GET \/app\/fail\] /));
  const lines = logged.map((line) => line.replace(/^fail \[#\d+ GET \/app\/fail\] /, ""));
  const at = lines.findIndex((line) => line.endsWith("Error: deep"));
  expect(lines.slice(at + 1, at + 4)).toEqual(MAPPED.split("\n"));
});

test("a map may be given beside the module, and also serves what the application prints", async () => {
  const { module, map } = await built("external");
  const { sandbox, logged } = await start(bundleOf(endpoints, { "main.js": module }), { sourceMaps: { "main.js": map } });
  await sandbox.request({ url: "/app/print" });
  expect(logged).toEqual([
    expect.stringMatching(/^fatal \[#\d+ GET \/app\/print\] {5}at deep \(src\/main\.ts:7\)$/),
    expect.stringMatching(/^fatal \[#\d+ GET \/app\/print\] {5}at print \(src\/main\.ts:17\)$/),
  ]);
});

test("a map that is none is refused when it is given, and ignored where a module carries it", async () => {
  await expect(startSandbox({ members: [], sourceMaps: { "main.js": "{}" } })).rejects.toThrow(
    "the source map of main.js is no source map",
  );
  const broken = `//# sourceMappingURL=data:application/json;base64,${Buffer.from("{").toString("base64")}`;
  const { sandbox, logged } = await start(functions(`\n\nexport function f() {\n  throw new Error("x");\n}\n${broken}\n`), { trace: true });
  await sandbox.request({ url: "/app/f" });
  const at = logged.findIndex((line) => line.endsWith("Error: x"));
  expect(logged[at + 1]).toMatch(/\]     at f \(\/main\.js:4\)$/);
});

test("what clients are shown of an exception stays as CCF shows it", async () => {
  const { module } = await built("inline");
  const set = { name: "set_js_runtime_options", args: { max_heap_bytes: 1e8, max_stack_bytes: 1e6, max_execution_time_ms: 5000, return_exception_details: true } }; // prettier-ignore
  const { sandbox } = await start();
  await sandbox.open({ app: bundleOf(endpoints, { "main.js": module }), actions: [set] });
  expect((await sandbox.request({ url: "/app/fail" })).text()).toContain("at deep (/main.js:");
});

test("exceptions are logged only where governance or a trace asks for them", async () => {
  const { sandbox, logged } = await start(functions(`export function f() { throw new Error("secret"); }`));
  await sandbox.request({ url: "/app/f" });
  expect(logged).toEqual([]);
});

test("what an application prints is tagged with its request, without query and body", async () => {
  const module = `export function f() { console.log("one"); console.warn("two"); return {}; }`;
  const { sandbox, logged } = await start(functions(module));
  await sandbox.request({ url: "/app/f?token=secret", json: { password: "secret" }, headers: { authorization: "secret" } });
  await sandbox.request({ url: "/app/f" });
  const numbers = logged.map((line) => /^(?:info|fail) \[#(\d+) GET \/app\/f\] (?:one|two)$/.exec(line)?.[1]);
  expect(new Set(numbers).size).toBe(2);
  expect(numbers).toEqual([numbers[0], numbers[0], numbers[2], numbers[2]]);
});

test("what an application prints cannot forge a line of the log: each line is tagged, and control characters are shown", async () => {
  const printed = "one\n[#99 GET /app/other] forged\r\u001b[2K\u2028\u202etwo\t\u20ac";
  const module = `export function f() { console.log(${JSON.stringify(printed)}); ccf.kv["a\\nfatal b"].get(new ArrayBuffer(8)); return {}; }`;
  const { sandbox, logged } = await start(functions(module), { trace: true });
  await sandbox.request({ url: "/app/f" });
  const [first, second, trace] = logged.slice(-3);
  expect(first).toMatch(/^info \[#\d+ GET \/app\/f\] one$/);
  expect(second?.replace(/#\d+/, "#N")).toBe(
    "info [#N GET /app/f] [#99 GET /app/other] forged\\u{d}\\u{1b}[2K\\u{2028}\\u{202e}two\t\u20ac",
  );
  expect(trace).toContain("read a\\u{a}fatal b (1)");
});

test("a path cannot forge a line of the log, and ids are shortened", async () => {
  const endpoint = { js_module: "main.js", js_function: "f" };
  const bundle = bundleOf({ "GET /x/{id}": endpoint }, { "main.js": `export function f() { console.log("printed"); return {}; }` });
  const { sandbox, logged } = await start(bundle);
  await sandbox.request({ url: "/app/x/a\nfatal forged" });
  await sandbox.request({ url: `/app/x/${"0123456789abcdef".repeat(4)}` });
  expect(logged).toEqual([
    expect.stringMatching(/^info \[#\d+ GET \/app\/x\/a\?fatal forged\] printed$/),
    expect.stringMatching(/^info \[#\d+ GET \/app\/x\/01234567\.\.\] printed$/),
  ]);
});
