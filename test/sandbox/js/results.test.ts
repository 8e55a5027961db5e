import { afterAll, beforeAll, expect, test } from "vitest";
import { bytes, GuestHost } from "./guest.js";

let host: GuestHost;
beforeAll(async () => {
  host = await GuestHost.start();
});
afterAll(() => {
  host.engine.dispose();
});

const JSON_TYPE = "application/json";
const BYTES = "application/octet-stream";

test.each([
  ["{ a: 1, b: [true, null] }", JSON_TYPE, '{"a":1,"b":[true,null]}'],
  ["'plain text'", "text/plain", "plain text"],
  ["''", "text/plain", ""],
  ["0", JSON_TYPE, "0"],
  ["null", JSON_TYPE, "null"],
  ["new Uint8Array([1, 2, 3])", BYTES, "\x01\x02\x03"],
  ["new Uint8Array([1, 2, 3, 4]).subarray(1, 3)", BYTES, "\x02\x03"],
  ["new Uint16Array([258])", BYTES, "\x02\x01"],
  ["new ArrayBuffer(0)", BYTES, ""],
  ["new DataView(new ArrayBuffer(2))", JSON_TYPE, "{}"],
  ["new Map([[1, 2]])", JSON_TYPE, "{}"],
  ["() => 1", JSON_TYPE, "undefined"],
  ["Symbol('s')", JSON_TYPE, "undefined"],
  ["{ toJSON() { return 'custom'; } }", JSON_TYPE, '"custom"'],
  ["'é€😀'", "text/plain", "é€😀"],
  ["'a\\0b'", "text/plain", "a"],
  ["Promise.resolve(1)", JSON_TYPE, "{}"],
])("the body %s is sent as %s", (body, type, text) => {
  expect(host.run(`return { body: ${body} };`)).toMatchObject({
    kind: "value",
    value: { status: 200, headers: { "content-type": type }, body: bytes(text) },
  });
});

test.each([
  ["{}"],
  ["{ body: undefined }"],
  ["[1]"],
  ["() => 1"],
  ["{ statusCode: null }"],
  ["Promise.resolve({ body: 1 })"],
  ["{ headers: 'nope' }"],
])("%s is an empty answer", (result) => {
  expect(host.run(`return ${result};`)).toEqual({
    kind: "value",
    value: { status: 200, headers: {}, body: undefined },
    applyWrites: undefined,
  });
});

test("an async handler answers nothing, and nothing runs after its first await", () => {
  host.install({
    "/main.js": "export async function main() { await 1; ccf.kv.t.set(ccf.strToBuf('k'), ccf.strToBuf('v')); return { body: 1 }; }",
  });
  const tx = host.store.begin();
  expect(host.call({ tx })).toMatchObject({ kind: "value", value: { status: 200, body: undefined } });
  expect(tx.writeSet().size).toBe(0);
});

test("headers are turned into text; a content type given in its usual spelling replaces the default", () => {
  const headers = `{ "x-one": "a", "X-Two": "b", "x-num": 5, "x-bool": true, "x-null": null, "x-undef": undefined, "content-type": "text/html", "Content-Type": "ignored" }`;
  expect(host.run(`return { statusCode: 418, body: "<p>", headers: ${headers} };`)).toMatchObject({
    kind: "value",
    value: {
      status: 418,
      headers: {
        "content-type": "text/html",
        "x-one": "a",
        "X-Two": "b",
        "x-num": "5",
        "x-bool": "true",
        "x-null": "null",
        "x-undef": "undefined",
      },
    },
  });
});

test.each([
  ["undefined", "not an object"],
  ["5", "not an object"],
  ["null", "not an object"],
  ["{ body: 10n }", "error during JSON conversion of body"],
  ["{ get body() { throw new Error('getter'); } }", "error during JSON conversion of body"],
  ["{ headers: { 'x-bad': Symbol('s') } }", "header value type"],
  ["{ statusCode: '200' }", "status code type"],
  ["{ statusCode: 200.5 }", "status code type"],
  ["{ get statusCode() { throw 1; } }", "status code type"],
])("%s is no valid result", (result, what) => {
  expect(host.run(`return ${result};`)).toMatchObject({ kind: "fault", message: `Invalid endpoint function return value (${what}).` });
});

test("what a result throws while it is read is a detail of the error", () => {
  const outcome = host.run("const a = {}; a.a = a; return { body: a };", { options: { returnExceptionDetails: true } });
  expect(outcome).toMatchObject({
    kind: "fault",
    message: "Invalid endpoint function return value (error during JSON conversion of body)",
    exception: { reason: "TypeError: circular reference", trace: "" },
  });
});

test.each([
  ["{ body: { toJSON() { throw new Error('x'); } } }", "    at toJSON (/run.js)\n"],
  [
    "{ body: { toJSON() { [1].map(() => { throw new Error('x'); }); } } }",
    "    at <anonymous> (/run.js)\n    at map (native)\n    at toJSON (/run.js)\n",
  ],
  ["{ body: { toJSON: () => JSON.stringify(1n) } }", "    at stringify (native)\n    at toJSON (/run.js)\n"],
  ["{ body: { toJSON: Date.prototype.getTime } }", "    at getTime (native)\n"],
  ["{ headers: { x: { toString() { throw new Error('x'); } } } }", "    at toString (/run.js)\n"],
  ["{ headers: { x: Symbol('s') } }", ""],
])("the trace of %s shows what the guest was doing, and nothing of who reads the result", (result, trace) => {
  const { exception } = host.run(`return ${result};`, { options: { returnExceptionDetails: true } }) as { exception?: { trace?: string } };
  expect(exception?.trace).toBe(trace);
});

test("the request reads as CCF's", () => {
  const request = {
    query: "a=1",
    headers: { "x-a": "1", __proto__x: "2" },
    params: { id: "a%20b" },
    caller: { policy: "user_cose_sign1", cose: { content: bytes("é") } },
  };
  const body = `return { body: { keys: Object.keys(request), body: Object.keys(request.body), q: request.query, h: request.headers, p: request.params, host: request.hostname,
    content: ccf.bufToStr(request.caller.cose.content), isBuffer: request.caller.cose.content instanceof ArrayBuffer } };`;
  expect(host.json(body, { request })).toEqual({
    keys: ["headers", "query", "path", "method", "hostname", "route", "url", "params", "body", "caller"],
    body: ["text", "json", "arrayBuffer"],
    q: "a=1",
    h: { "x-a": "1", __proto__x: "2" },
    p: { id: "a%20b" },
    host: null,
    content: "é",
    isBuffer: true,
  });
});

test("a body is read as text, as JSON and as bytes, as often as wanted", () => {
  const read = `const b = request.body; return { body: [b.text(), b.text(), attempt(() => b.json()), b.arrayBuffer().byteLength, attempt(() => b.text(1))] };`;
  const refused = { error: ["TypeError", "Passed 1 arguments, but expected none"] };
  expect(host.json(read, { request: { body: bytes('{"a":"é"}') } })).toEqual(['{"a":"é"}', '{"a":"é"}', { ok: { a: "é" } }, 10, refused]);
  expect(host.json(read)).toEqual(["", "", { error: ["SyntaxError", "unexpected end of input"] }, 0, refused]);
  expect(host.json(read, { request: { body: Uint8Array.of(0x61, 0, 0xff) } })).toEqual([
    "a\0\ufffd",
    "a\0\ufffd",
    { error: ["SyntaxError", "unexpected token: 'a'"] },
    3,
    refused,
  ]);
});

test("ccf.rpc decides about writes and binds claims", () => {
  const tx = host.store.begin();
  const f = "ccf.rpc.setClaimsDigest";
  const body = `const f = ${f}; const out = [() => f(), () => f("x"), () => f(new ArrayBuffer(31)), () => f(new Uint8Array(32)), () => ccf.rpc.setApplyWrites()].map((g) => attempt(g).error[1]);
    f(new Uint8Array(32).fill(7).buffer); ccf.rpc.setApplyWrites("yes"); throw new Error(out.join("|"));`;
  expect(host.run(body, { tx })).toMatchObject({
    kind: "threw",
    applyWrites: true,
    reason:
      "Error: Passed 0 arguments but expected 1|Argument must be an ArrayBuffer|Argument must be an ArrayBuffer of the right size: 32|" +
      "Argument must be an ArrayBuffer|Passed 0 arguments but expected 1",
  });
  expect(tx.claimsDigest).toEqual(new Uint8Array(32).fill(7));
  expect(host.run("ccf.rpc.setApplyWrites(0); return {};").applyWrites).toBe(false);
});
