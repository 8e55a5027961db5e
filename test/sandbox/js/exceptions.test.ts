import { afterAll, beforeAll, expect, test } from "vitest";
import { bytes, GuestHost } from "./guest.js";

let host: GuestHost;
beforeAll(async () => {
  host = await GuestHost.start();
});
afterAll(() => {
  host.engine.dispose();
});

const main = (text: string): ReturnType<GuestHost["call"]> => {
  host.install({ "/x.js": text });
  return host.call({ jsModule: "/x.js", jsFunction: "main", request: { body: bytes("{a:1}") } });
};

test.each([
  ["throw new Error('boom')", "Error: boom"],
  ["null.x", "TypeError: cannot read property 'x' of null"],
  ["undefinedName", "ReferenceError: 'undefinedName' is not defined"],
  ["eval('1 +')", "SyntaxError: unexpected token in expression: ''"],
  ["class MyError extends Error { constructor(m) { super(m); this.name = 'MyError'; } } throw new MyError('mine')", "MyError: mine"],
  ["new Array(-1)", "RangeError: invalid array length"],
  ["JSON.parse('')", "SyntaxError: unexpected end of input"],
  ["JSON.stringify(1n)", "TypeError: bigint are forbidden in JSON.stringify"],
])("%s reads %s and has a trace", (code, reason) => {
  expect(main(`export function main() { ${code}; }`)).toMatchObject({
    kind: "threw",
    reason,
    timedOut: false,
    trace: expect.stringContaining("at main (/x.js") as unknown,
  });
});

test.each([
  ["'plain'", "plain"],
  ["{ a: 1 }", '{"a":1}'],
  ["undefined", "undefined"],
  ["null", "null"],
  ["5", "5"],
  ["() => 1", "undefined"],
  ["Symbol('s')", ""],
  ["{ toJSON() { throw 1; } }", ""],
])("a thrown %s reads %s and has no trace", (value, reason) => {
  expect(main(`export function main() { throw ${value}; }`)).toEqual({
    kind: "threw",
    reason,
    trace: undefined,
    timedOut: false,
    applyWrites: undefined,
  });
});

test("traces name functions, modules and lines", () => {
  host.install({
    "/lib/deep.js": "export const deep = (n) => {\n  if (n === 0)\n    throw new Error('deep');\n  return deep(n - 1);\n};",
    "/x.js": "import { deep } from './lib/deep.js';\nexport function main() {\n  deep(1);\n}",
  });
  expect(host.call({ jsModule: "/x.js" })).toMatchObject({
    trace: "    at deep (/lib/deep.js:3)\n    at deep (/lib/deep.js:4)\n    at main (/x.js:3)\n",
  });
});

test("CCF's functions appear in traces like native ones, and nothing of the engine does", () => {
  const cases: [string, string][] = [
    ["ccf.kv.t.set('a', 'b')", "    at set (native)\n    at main (/x.js)\n"],
    ["ccf.kv['ccf.gov.x'].size", "    at size (native)\n    at main (/x.js)\n"],
    ["ccf.kv['ccf.gov.x'].get(1)", "    at get (native)\n    at main (/x.js)\n"],
    ["ccf.strToBuf(1)", "    at strToBuf (native)\n    at main (/x.js)\n"],
    ["ccf.crypto.digest('MD5', new ArrayBuffer(1))", "    at digest (native)\n    at main (/x.js)\n"],
    ["ccf.bufToJsonCompatible(ccf.strToBuf('{a}'))", "    at <json>:1\n    at bufToJsonCompatible (native)\n    at main (/x.js)\n"],
    ["request.body.json()", "    at <body>:1\n    at json (native)\n    at main (/x.js)\n"],
  ];
  for (const [code, trace] of cases) expect(main(`export function main(request) { ${code}; }`)).toMatchObject({ kind: "threw", trace });
});

test("errors of the host are exceptions of the guest's own classes", () => {
  const body = `const e = (f) => { try { f(); } catch (x) { return [x instanceof TypeError, x instanceof InternalError, x.constructor.name, Object.keys(x)]; } };
    return { body: [e(() => ccf.crypto.digest()), e(() => ccf.pemToId("x")), e(() => snp_attestation.verifySnpAttestation(new ArrayBuffer(1), new ArrayBuffer(1)))] };`;
  expect(host.json(body)).toEqual([
    [true, false, "TypeError", []],
    [false, true, "InternalError", []],
    [false, false, "RangeError", []],
  ]);
});

test("details go to the log where governance wants them there", () => {
  host.logged.length = 0;
  host.run("throw new Error('a');");
  expect(host.logged).toEqual([]);
  host.run("throw 'b';", { options: { logExceptionDetails: true } });
  expect(host.logged).toEqual(["fail b: <no trace>"]);
});

test("values of the constitution come out with their type, their text and a copy", () => {
  const value = (expression: string): unknown => host.govern(`export function f() { return ${expression}; }`, "f");
  expect(value("{ valid: 1, f() {}, u: undefined }")).toEqual({ kind: "value", value: { type: "object", text: "", data: { valid: 1 } } });
  expect(value('"Accepted"')).toEqual({ kind: "value", value: { type: "string", text: "Accepted", data: "Accepted" } });
  expect(value("3")).toEqual({ kind: "value", value: { type: "number", text: "3", data: 3 } });
  expect(value("undefined")).toEqual({ kind: "value", value: { type: "undefined", text: "undefined", data: undefined } });
  expect(value("null")).toEqual({ kind: "value", value: { type: "null", text: "null", data: null } });
  expect(value("true")).toEqual({ kind: "value", value: { type: "boolean", text: "true", data: true } });
  expect(value("10n")).toEqual({ kind: "value", value: { type: "bigint", text: "10", data: 10n } });
  expect(value("Symbol()")).toMatchObject({ kind: "value", value: { type: "symbol", text: "" } });
});

test("arguments of the constitution arrive as they were given", () => {
  const args = ["text\0 with \ud800", [{ member_id: "m", vote: true }], null, "é".repeat(300_000)];
  const outcome = host.govern(
    "export function f(...a) { return [a.length, a[0] === 'text\\0 with \\ud800', a[1], a[2], a[3].length]; }",
    "f",
    { args },
  );
  expect(outcome).toMatchObject({ kind: "value", value: { data: [4, true, [{ member_id: "m", vote: true }], null, 300_000] } });
});
