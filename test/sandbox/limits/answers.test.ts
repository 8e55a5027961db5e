import { request } from "node:https";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installing, limiting } from "./constitution.js";
import { openService, type Place } from "./service.js";

const RUN = "return new Function(request.body.text())();";

/** Over TLS: what the application answers has to fit into HTTP. */
let place: Place;
beforeAll(async () => {
  place = await openService({ "POST /run": RUN }, { port: 0 }, afterAll);
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

const UNSENDABLE: readonly (readonly [string, string])[] = [
  ["a status that is none", "return { statusCode: 99 };"],
  ["a status of four digits", "return { statusCode: 1000 };"],
  ["a status after which a client waits on", "return { statusCode: 100 };"],
  ["a status that is negative", "return { statusCode: -1 };"],
  ["a header with a line end in its value", "return { headers: { x: 'a\\r\\ny: b' } };"],
  ["a header with a line end in its name", "return { headers: { 'a\\nb': 'x' } };"],
  ["a header with a blank in its name", "return { headers: { 'a b': 'x' } };"],
  ["a header with a control character in its value", "return { headers: { x: 'a\\x01' } };"],
];

test.each(UNSENDABLE)("%s cannot be sent: the client gets an error, and the service goes on", async (_what, body) => {
  const { status, reason, headers, body: text } = await run(body);
  expect([status, reason]).toEqual([500, "Internal Server Error"]);
  expect(headers).not.toHaveProperty("y");
  expect(JSON.parse(text.toString())).toMatchObject({
    error: { code: "InternalError", message: expect.stringContaining("cannot be sent") as string },
  });
  await expectAlive();
});

test("an answer that cannot be sent is the same error in process, and has written nothing", async () => {
  const key = "new ArrayBuffer(8)";
  for (const [, body] of UNSENDABLE) {
    const answer = await place.service.request({ method: "POST", url: "/app/run", body: `ccf.kv.t.set(${key}, ${key}); ${body}` });
    expect([answer.status, answer.text()]).toEqual([500, (await run(body)).body.toString()]);
    expect(answer.headers).not.toHaveProperty("x-ms-ccf-transaction-id");
  }
  expect((await run(`return { body: ccf.kv.t.has(${key}) };`)).body.toString()).toBe("false");
});

test("the verb of an endpoint cannot break into a refusal", async () => {
  await place.propose({ apply: installing({ "POST /run": RUN, "G\r\ny:b /verb": "return {};" }) });
  const answer = await place.call("GET", "/app/verb");
  expect(answer).toMatchObject({ status: 500, body: { error: { message: expect.stringContaining("cannot be sent") as string } } });
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
