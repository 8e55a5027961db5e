import { once } from "node:events";
import { connect } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openService, type Place } from "./service.js";

/** Over TLS, byte by byte: what a client may send that no library for HTTP does. */
let place: Place;
beforeAll(async () => {
  const show = "return { body: [request.hostname, Object.keys(request.headers).length, request.headers.big?.length ?? 0] };";
  place = await openService({ "POST /show": show }, { port: 0 }, afterAll);
});

type Got = { readonly status: string; readonly head: string; readonly body: string };

/** Sends bytes, and reads until the service ends the connection. */
async function send(text: string): Promise<Got> {
  const { port } = new URL(place.service.url ?? "");
  const socket = connect({ host: "127.0.0.1", port: Number(port), ca: place.service.serviceCertificate });
  socket.write(Buffer.from(text, "latin1"));
  let got = "";
  socket.on("data", (data: Buffer) => (got += data.toString("latin1")));
  await once(socket, "close");
  const end = got.indexOf("\r\n\r\n");
  return { status: got.slice(0, got.indexOf("\r\n")), head: got.slice(0, end).toLowerCase(), body: got.slice(end + 4) };
}

const show = (...headers: readonly string[]) =>
  send(["POST /app/show HTTP/1.1", ...headers, "connection: close", "content-length: 0", "", ""].join("\r\n"));

const named = (count: number) => Array.from({ length: count }, (_, i) => `x${i}: a`);

test("a request without a host is answered, and has no hostname", async () => {
  expect(await show()).toMatchObject({ status: "HTTP/1.1 200 OK", body: "[null,2,0]" });
  expect((await show("host: a.example")).body).toBe('["a.example",3,0]');
});

test.each([
  ["NOTAVERB ", "HPE_INVALID_METHOD: Invalid method encountered"],
  ["\x01", "HPE_INVALID_METHOD: Invalid method encountered"],
  ["\x16\x03\x01\xff\x00", "HPE_INVALID_METHOD: Invalid method encountered"],
  ["POST / HTTP/42.42\r\n\r\n", "HPE_INVALID_VERSION: "],
  ["POST / HTTP/1.1\r\nno header\r\n\r\n", "HPE_INVALID_HEADER_TOKEN: Invalid header token"],
  ['{"hello":"world"}', "HPE_INVALID_METHOD: "],
])("%j is no request: the client is told why, in CCF's words, and the connection ends", async (text, why) => {
  const { status, head, body } = await send(text);
  expect(status).toBe("HTTP/1.1 400 Bad Request");
  expect(head).toContain("\r\ncontent-type: text/plain\r\n");
  expect(head).toContain(`\r\ncontent-length: ${body.length}`);
  expect(body.startsWith(`Unable to parse data as a HTTP request. Error message is: HTTP parsing failed (${why}`)).toBe(true);
  expect(body).toMatch(/\) around byte \d+\nError occurred while parsing fragment:\n/);
  expect(body.endsWith(`\n${text}`)).toBe(true);
});

test("a request has up to 256 headers", async () => {
  expect((await show(...named(254))).body).toBe("[null,256,0]");
  const { status, head, body } = await show(...named(255));
  expect(status).toBe("HTTP/1.1 431 Request Header Fields Too Large");
  expect(head).toContain("\r\nconnection: close");
  expect(JSON.parse(body)).toEqual({ error: { code: "RequestHeaderTooLarge", message: "Too many headers (max number allowed: 256)" } });
  expect((await show(...named(100_000))).status).toBe(status);
});

test("each name and each value of a header has up to 16 KB, however many there are", async () => {
  const large = "v".repeat(16 * 1024);
  expect((await show(`big: ${large}`, ...named(100).map((header) => header + large.slice(1)))).body).toBe(`[null,103,${large.length}]`);
  const refusals = [
    [`big: ${large}v`, "Header value for 'big' is too large (max size allowed: 16KB)"],
    [`${large}v: a`, `Header key for '${large}v' is too large (max size allowed: 16KB)`],
    [`big: ${large.repeat(600)}`, "HTTP request headers are too large (max size allowed: 8MB)"],
  ] as const;
  for (const [header, message] of refusals) {
    const { status, body } = await show(header);
    expect(status).toBe("HTTP/1.1 431 Request Header Fields Too Large");
    expect(JSON.parse(body)).toEqual({ error: { code: "RequestHeaderTooLarge", message } });
  }
});

test("what follows a request that is refused is not answered", async () => {
  const refused = ["POST /app/show HTTP/1.1", ...named(300), "content-length: 2", "", "abgarbage"].join("\r\n");
  expect((await send(refused)).body).toBe(
    JSON.stringify({ error: { code: "RequestHeaderTooLarge", message: "Too many headers (max number allowed: 256)" } }),
  );
});
