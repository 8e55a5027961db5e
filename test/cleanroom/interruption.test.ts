import { mkdtemp, rm } from "node:fs/promises";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { attestedRoom } from "../../cleanroom/room.js";
import { authority, issue, serve } from "../client/authority.js";
import { refusal } from "../support/answer.js";
import { startPlace } from "../support/consortium.js";
import type { Party } from "../support/party.js";
import { lastingPort } from "../support/port.js";
import { wholeHistory } from "../support/history.js";
import { agentFor, quick, virtually, world, type Workload } from "./world.js";

const dir = await mkdtemp(join(tmpdir(), "interruption-"));
afterAll(() => rm(dir, { recursive: true }));
const port = await lastingPort();
const first = await world(afterAll, { dir: join(dir, "data"), port });
let place = first.place;
const { alice } = first.members;

type Seen = { readonly method: string; readonly url: string; readonly body: string };

/**
 * What stands between the agent and the service: a real server with a certificate of its own, which passes requests on.
 *
 * @param meddle returns true where it has dealt with the request itself
 */
async function between(
  meddle: (seen: Seen, response: ServerResponse, passOn: () => Promise<unknown>) => Promise<boolean> | boolean,
  patience = quick,
): Promise<{ readonly workload: Awaited<ReturnType<typeof agentFor>>; readonly seen: Seen[] }> {
  const own = authority("between");
  const seen: Seen[] = [];
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { method = "", url = "" } = request;
    const answer = () =>
      place.anonymous.request({
        method: method as "GET",
        path: url,
        ...(body.length > 0 && { contentType: "application/json", body }),
      });
    const one = { method, url, body: body.toString("utf8") };
    seen.push(one);
    if (await meddle(one, response, answer)) return;
    const { status, headers, body: content } = await answer();
    response.writeHead(status, { "x-ms-ccf-transaction-id": headers["x-ms-ccf-transaction-id"] ?? "" }).end(content);
  };
  const { url } = await serve(issue(own), (request, response) => void respond(request, response));
  const service = { ...place.service, url, serviceCertificate: own.cert };
  const workload = await agentFor(service, onTestFinished, { room: attestedRoom(virtually(() => place.service)), patience });
  return { workload, seen };
}

const consent = (workload: Workload) => workload.call("POST", "/consentcheck/execution");
const eventsOf = async (id: string, by: Party = alice) =>
  (await wholeHistory<{ data: unknown }>(by, `/app/contracts/c1/events?from_seqno=1&id=${id}`)).map(({ data }) => data);

test("a service that is unavailable is asked again after the time that it names, with the same request", async () => {
  let refused = 0;
  const times: number[] = [];
  const { workload, seen } = await between((_, response) => {
    times.push(Date.now());
    if (refused++ > 0) return false;
    response.writeHead(503, { "retry-after": "1" }).end('{"error":{"code":"ViewNotKnown","message":"no primary"}}');
    return true;
  });
  expect(await consent(workload)).toMatchObject({ status: 200, body: { status: "enabled" } });
  expect(seen).toHaveLength(2);
  expect(seen[1]).toEqual(seen[0]);
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(995);
});

test("a service that stays unavailable is given up, with its own words", async () => {
  const { workload, seen } = await between(
    (_, response) => {
      response.writeHead(503).end('{"error":{"code":"ViewNotKnown","message":"no primary"}}');
      return true;
    },
    { ...quick, attempts: 4 },
  );
  expect(await consent(workload)).toMatchObject({ status: 503, body: { error: { code: "ViewNotKnown", message: "no primary" } } });
  expect(seen).toHaveLength(4);
});

test.each([400, 403, 404, 500, 502, 504])("status %i is an answer, and is not asked for again", async (status) => {
  const { workload, seen } = await between((_, response) => {
    response.writeHead(status).end("no");
    return true;
  });
  expect(await consent(workload)).toMatchObject({ status, body: { error: { code: `Http${status}`, message: "no" } } });
  expect(seen).toHaveLength(1);
});

test("an event whose answer is lost on the way is sent again as it was, and recorded once", async () => {
  let lost = 0;
  const { workload, seen } = await between(async ({ method }, response, passOn) => {
    if (method !== "PUT" || lost++ > 0) return false;
    await passOn();
    response.destroy();
    return true;
  });
  expect(await workload.call("PUT", "/events?id=lost", { n: 1 })).toMatchObject({ status: 200 });
  const [one, two] = seen.filter(({ method }) => method === "PUT");
  expect(two).toEqual(one);
  expect(await workload.call("PUT", "/events?id=lost", { n: 1 })).toMatchObject({ status: 200 }); // the workload itself says it again
  expect(await eventsOf("lost")).toEqual([{ n: 1 }, { n: 1 }]);
});

test("a write that the service has lost again is sent again as it was", async () => {
  let asked = 0;
  const { workload, seen } = await between(({ url }, response) => {
    if (!url.startsWith("/node/tx") || asked++ > 0) return false;
    response.writeHead(200).end('{"status":"Invalid"}');
    return true;
  });
  expect(await workload.call("PUT", "/events?id=undone", { n: 1 })).toMatchObject({ status: 200 });
  const [one, two] = seen.filter(({ method }) => method === "PUT");
  expect(two).toEqual(one);
  expect(await eventsOf("undone")).toEqual([{ n: 1 }]);
});

test("an agent that is stopped soon gives up a silent service, and a workload that never says all of its request", async () => {
  const [silent, held] = [await between(() => true), await between(() => false)];
  const answer = consent(silent.workload);
  while (silent.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const { hostname, port } = new URL(held.workload.url);
  const socket = connect(Number(port), hostname).resume();
  const ended = once(socket, "close");
  socket.write("PUT /events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{");
  expect(await consent(held.workload)).toMatchObject({ status: 200 }); // by now the other one is known

  const before = Date.now();
  await Promise.all([silent.workload.agent.stop(), held.workload.agent.stop()]);
  expect(await answer).toMatchObject(refusal(503, "Interrupted"));
  await ended;
  expect(Date.now() - before).toBeLessThan(20_000); // the service would be waited for half a minute, the workload for ever
});

test("an agent that is stopped does not wait for a service that does not answer", async () => {
  const { workload, seen } = await between((_, response) => {
    response.writeHead(503, { "retry-after": "30" }).end();
    return true;
  });
  const answer = consent(workload);
  while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const before = Date.now();
  await workload.agent.stop();
  expect(await answer).toMatchObject({ status: 503 });
  expect(Date.now() - before).toBeLessThan(15_000);
});

test("a service that is started again meanwhile is waited for", async () => {
  const patience = { ...quick, attempts: 400 };
  const workload = await agentFor(place.service, onTestFinished, { patience });
  expect(await workload.call("PUT", "/events?id=run", { at: "first" })).toMatchObject({ status: 200 });
  await place.stop();
  const whileDown = workload.call("PUT", "/events?id=run", { at: "second" });
  place = await startPlace({ dir: join(dir, "data"), resume: true, virtualTee: true, port }, afterAll);
  expect(await whileDown).toMatchObject({ status: 200 });
  expect(await consent(workload)).toMatchObject({ status: 200, body: { status: "enabled" } });
  const again = place.party(alice.session.identity);
  expect(await eventsOf("run", again)).toEqual([{ at: "first" }, { at: "second" }]);
});

test("a service that is not there at all is told as such", async () => {
  const url = `https://127.0.0.1:${await lastingPort()}`;
  const workload = await agentFor({ ...place.service, url }, onTestFinished, {
    patience: { ...quick, attempts: 2 },
  });
  expect(await consent(workload)).toMatchObject(refusal(503, "NotRunning"));
});
