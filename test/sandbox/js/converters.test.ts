import { afterAll, beforeAll, expect, test } from "vitest";
import { bytes, FIXED_NOW, GuestHost } from "./guest.js";

let host: GuestHost;
beforeAll(async () => {
  host = await GuestHost.start();
});
afterAll(() => {
  host.engine.dispose();
});

const HEX = `const hex = (b) => Array.from(new Uint8Array(b)).map((x) => x.toString(16).padStart(2, "0")).join("");`;
const evaluate = (expression: string): unknown => host.json(`${HEX} return { body: attempt(() => ${expression}) };`);

test.each([
  [String.raw`hex(ccf.strToBuf("aé€😀\0b"))`, "61c3a9e282acf09f9880"],
  [String.raw`hex(ccf.strToBuf("\ud800"))`, "eda080"],
  [String.raw`hex(ccf.strToBuf("x\udc00😀"))`, "78edb080f09f9880"],
  [String.raw`hex(ccf.strToBuf("\ufeff0123456789abcdef")).slice(0, 8)`, "efbbbf30"],
  [`ccf.strToBuf("").byteLength`, 0],
  [String.raw`ccf.bufToStr(ccf.strToBuf("\ud800x")) === "\ud800x"`, true],
  [`ccf.bufToStr(new Uint8Array([97, 0, 98]).buffer)`, "a\0b"],
  [`ccf.bufToStr(ccf.strToBuf("é".repeat(100000))).length`, 100000],
  [`ccf.bufToStr(ccf.jsonCompatibleToBuf({ a: [1, "é", null, true], u: undefined }))`, '{"a":[1,"é",null,true]}'],
  [`ccf.bufToJsonCompatible(ccf.strToBuf('{"a":[1,2]}'))`, { a: [1, 2] }],
])("%s", (expression, expected) => {
  expect(evaluate(expression)).toEqual({ ok: expected });
});

test.each([
  ["ccf.strToBuf(5)", "TypeError", "Argument must be a string"],
  ["ccf.strToBuf()", "TypeError", "Passed 0 arguments, but expected 1"],
  ["ccf.bufToStr('x')", "TypeError", "Argument must be an ArrayBuffer"],
  ["ccf.bufToStr(new Uint8Array(1))", "TypeError", "Argument must be an ArrayBuffer"],
  ["ccf.jsonCompatibleToBuf(undefined)", "TypeError", "Argument must be a string"],
  ["ccf.jsonCompatibleToBuf(1n)", "TypeError", "bigint are forbidden in JSON.stringify"],
  ["(() => { const a = {}; a.a = a; ccf.jsonCompatibleToBuf(a); })()", "TypeError", "circular reference"],
  ["ccf.bufToJsonCompatible(ccf.strToBuf('{a}'))", "SyntaxError", "expecting property name"],
  ["ccf.bufToJsonCompatible(new ArrayBuffer(0))", "SyntaxError", "unexpected end of input"],
  ["ccf.pemToId('x')", "InternalError", "Failed to parse PEM: PEM constructed with non-PEM data: x"],
  ["ccf.pemToId()", "TypeError", "Passed 0 arguments, but expected 1"],
  ["ccf.enableUntrustedDateTime(1)", "TypeError", "First argument must be a boolean"],
  ["ccf.enableMetricsLogging()", "TypeError", "Passed 0 arguments, but expected 1"],
])("%s is refused", (expression, name, message) => {
  expect(evaluate(expression)).toEqual({ error: [name, message] });
});

test("guests can tamper with the language without reaching what CCF's functions rest on", () => {
  const body = `Array.prototype.push = () => 0; JSON.stringify = () => "forged"; JSON.parse = () => "forged"; Object.keys = () => ["forged"];
    String.prototype.isWellFormed = () => false; Function.prototype.call = () => 0; Object.defineProperty = () => ({});
    ccf.kv.t.set(ccf.strToBuf("k"), ccf.jsonCompatibleToBuf({ a: 1 }));
    return { body: ccf.bufToJsonCompatible(ccf.kv.t.get(ccf.strToBuf("k"))), headers: { "x-a": 1 } };`;
  expect(host.run(body)).toMatchObject({ kind: "value", value: { headers: { "x-a": "1" }, body: bytes('{"a":1}') } });
});

test("the clock stands at the epoch, in UTC, until the guest asks for the host's", () => {
  const body = `const out = [Date.now(), String(new Date()), new Date(0).getTimezoneOffset(), new Date(2024, 6, 1, 12).getTime(), Date.parse("2020-01-02T03:04:05"), new Date(0).toLocaleDateString()];
    out.push(ccf.enableUntrustedDateTime(true), Date.now(), ccf.enableUntrustedDateTime(false), Date.now()); return { body: out };`;
  expect(host.json(body)).toEqual([
    0,
    "Thu Jan 01 1970 00:00:00 GMT+0000",
    0,
    Date.UTC(2024, 6, 1, 12),
    Date.UTC(2020, 0, 2, 3, 4, 5),
    "01/01/1970",
    false,
    FIXED_NOW,
    true,
    0,
  ]);
});

test("the host's clock is hidden again from the next call", () => {
  const module = {
    "/main.js": "export function main(request) { return { body: request.query ? ccf.enableUntrustedDateTime(true) : Date.now() }; }",
  };
  host.install(module);
  host.call({ reuseKey: "clock", request: { query: "on" } });
  expect(host.call({ reuseKey: "clock" })).toMatchObject({ kind: "value", value: { body: bytes("0") } });
});

test("Math.random cannot be predicted", () => {
  const draws = Array.from({ length: 5 }, () => host.json("return { body: Math.random() };") as number);
  expect(new Set(draws).size).toBe(5);
  expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
});

test("console prints primitives as they are, errors as text and objects as JSON", () => {
  host.logged.length = 0;
  host.run(
    `console.log("a", 1, { b: [true] }, null, undefined, new TypeError("t")); console.warn("w"); console.error("e", () => 1); return {};`,
  );
  expect(host.logged).toEqual(['info a 1 {"b":[true]} null undefined TypeError: t', "fail w", "fatal e undefined"]);
});
