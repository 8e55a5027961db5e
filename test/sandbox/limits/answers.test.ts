import { request } from "node:https";
import { afterAll, beforeAll, expect, test } from "vitest";
import { limiting } from "./constitution.js";
import { openService, type Place } from "./service.js";

/** Over TLS: what the application answers has to fit into HTTP. */
let place: Place;
beforeAll(async () => {
  place = await openService({ "POST /run": "return new Function(request.body.text())();" }, { port: 0 }, afterAll);
  await place.propose({ apply: limiting({ max_execution_time_ms: 20_000 }) }); // the machine may be busy
});

type Got = {
  readonly status: number;
  readonly reason: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
};

function run(body: string): Promise<Got> {
  const options = { method: "POST", ca: place.service.serviceCertificate, agent: false } as const;
  return new Promise((resolve, reject) => {
    request(`${place.service.url ?? ""}/app/run`, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        resolve({
          status: response.statusCode ?? 0,
          reason: response.statusMessage,
          headers: response.headers,
          body: Buffer.concat(chunks),
        });
      });
    })
      .on("error", reject)
      .end(body);
  });
}

async function expectAlive(): Promise<void> {
  const { status, body } = await run("return { body: 'alive' };");
  expect([status, body.toString()]).toEqual([200, "alive"]);
}

test("an answer of 10 MB arrives whole, and the service goes on", async () => {
  const { status, body } = await run("return { body: 'x'.repeat(10e6) };");
  expect([status, body.length]).toEqual([200, 10e6]);
  await expectAlive();
});

test("an answer that does not fit into the guest's memory is an error, and the service goes on", async () => {
  const { status } = await run("return { body: 'x'.repeat(200e6) };");
  expect(status).toBe(500);
  await expectAlive();
});

test.each([
  ["a status that is none", "return { statusCode: 99 };"],
  ["a status of four digits", "return { statusCode: 1000 };"],
  ["a status after which a client waits on", "return { statusCode: 100 };"],
  ["a header with a line end in its value", "return { headers: { x: 'a\\r\\ny: b' } };"],
  ["a header with a line end in its name", "return { headers: { 'a\\nb': 'x' } };"],
])("%s cannot be sent: the client gets an error, and the service goes on", async (_what, body) => {
  const { status, reason, headers, body: text } = await run(body);
  expect([status, reason]).toEqual([500, "Internal Server Error"]);
  expect(headers).not.toHaveProperty("y");
  expect(JSON.parse(text.toString())).toMatchObject({
    error: { code: "InternalError", message: expect.stringContaining("cannot be sent") as string },
  });
  await expectAlive();
});

test("an application cannot change where its answer ends", async () => {
  const { status, headers, body } = await run(
    "return { body: 'whole', headers: { 'Content-Length': '2', 'transfer-encoding': 'chunked', connection: 'upgrade', upgrade: 'x' } };",
  );
  expect([status, body.toString(), headers["content-length"]]).toEqual([200, "whole", "5"]);
  expect(headers).not.toHaveProperty("transfer-encoding");
  expect(headers).not.toHaveProperty("upgrade");
  await expectAlive();
});

test("the value of a header goes out as UTF-8", async () => {
  const { headers } = await run("return { headers: { x: '\\u20ac' } };");
  expect(Buffer.from(headers.x as string, "latin1").toString("utf8")).toBe("\u20ac");
});
