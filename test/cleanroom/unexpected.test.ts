import { expect, onTestFinished, test } from "vitest";
import { startAgent } from "../../cleanroom/agent/index.js";
import { reportDataOf } from "../../cleanroom/evidence/source.js";
import { attestedRoom, type Room } from "../../cleanroom/room.js";
import { VirtualTee } from "../../sandbox/enclave/snp/virtual.js";
import { authority, issue, serve } from "../client/authority.js";
import { refusal } from "../support/answer.js";
import { HOST_DATA } from "../support/cleanRoom.js";
import { quick, Workload } from "./world.js";

type Reply = { readonly status?: number; readonly body?: string; readonly transaction?: string };

const tee = VirtualTee.create();
const attested = attestedRoom({
  evidence: (content) => Promise.resolve(tee.mint({ hostData: Buffer.from(HOST_DATA, "hex"), reportData: reportDataOf(content) })),
});
const own = authority("odd");
const tls = issue(own);

/** An agent of a service that is trusted, and says odd things: about transactions `tx`, to everything else `reply`. */
async function agentOf(reply: Reply, { tx = {}, room = attested }: { readonly tx?: Reply; readonly room?: () => Promise<Room> } = {}) {
  const lines: string[] = [];
  const asked: string[] = [];
  const { url } = await serve(tls, (request, response) => {
    asked.push(request.url ?? "");
    const { status = 200, body = "", transaction } = request.url?.startsWith("/node/tx") ? tx : reply;
    request.resume().once("end", () => {
      response.writeHead(status, transaction === undefined ? {} : { "x-ms-ccf-transaction-id": transaction }).end(body);
    });
  });
  const log = (line: string): void => void lines.push(line);
  const agent = await startAgent({
    ...{ ccfEndpoint: url, serviceCertificate: own.cert, pathPrefix: "app/contracts/c1" },
    ...{ room, port: 0, patience: quick, log },
  });
  onTestFinished(agent.stop);
  return { workload: new Workload(agent.url), lines, asked };
}

const unexpected = refusal(502, "UnexpectedAnswer");
const notObjects = [{ body: "null" }, {}, { status: 204 }, { body: "[]" }, { body: '"x"' }, { body: "true" }];

test.each([...notObjects, { body: '{"value":5}' }, { body: '{"status":"on"}' }, { body: '{"status":["enabled"]}' }])(
  "no consent is taken from a good status with %j",
  async (reply) => {
    const { workload } = await agentOf(reply);
    for (const option of ["execution", "logging", "telemetry"])
      expect(await workload.call("POST", `/consentcheck/${option}`)).toMatchObject(unexpected);
  },
);

test.each(["enabled", "disabled"])("a consent answer that says %s is passed on as it is", async (status) => {
  const body = { status, reason: { code: "C", message: "m" }, proposalIds: ["p"] };
  const { workload } = await agentOf({ body: JSON.stringify(body) });
  expect(await workload.call("POST", "/consentcheck/execution")).toMatchObject({ status: 200, body });
});

test.each([...notObjects, { body: '{"value":5}' }])("nothing is released by a good status with %j", async (reply) => {
  const { workload } = await agentOf(reply);
  for (const path of ["/secrets/x", "/documents/d", "/oauth/token?sub=c1&tenantId=t&aud=a"])
    expect(await workload.call("POST", path)).toMatchObject(unexpected);
  expect(await workload.call("POST", "/signing/sign", { payload: "" })).toMatchObject(unexpected);
  expect(await workload.call("POST", "/ca/generateEndorsedCert", {})).toMatchObject(unexpected);
  expect(await workload.call("GET", "/ca/isEnabled")).toMatchObject(unexpected);
});

test.each(notObjects)("the members are not a good status with %j", async (reply) => {
  const { workload } = await agentOf(reply);
  expect(await workload.call("POST", "/members")).toMatchObject(unexpected);
});

const committed = { body: '{"status":"Committed"}' };

test.each([undefined, "", "2", "2.", "2.x", "-2.5", "2.5, 2.6", "2.5.6", `${"2".repeat(30)}.5`])(
  "a write whose transaction is %j is not taken for durable, and not asked after",
  async (transaction) => {
    for (const status of [200, 204]) {
      const { workload, asked } = await agentOf({ status, ...(transaction !== undefined && { transaction }) }, { tx: committed });
      expect(await workload.call("PUT", "/events", {})).toMatchObject(unexpected);
      expect(await workload.call("PUT", "/secrets/s", { value: "v" })).toMatchObject(unexpected);
      expect(await workload.call("POST", "/secrets/s/cleanroompolicy", {})).toMatchObject(unexpected);
      expect(asked.filter((path) => path.startsWith("/node/tx"))).toEqual([]);
    }
  },
);

test.each([...notObjects, { body: '{"status":"Done"}' }])("a write is not durable by a good status with %j", async (tx) => {
  const { workload } = await agentOf({ status: 204, transaction: "2.5" }, { tx });
  expect(await workload.call("PUT", "/events", {})).toMatchObject(unexpected);
});

test("a write that names its transaction is taken once the transaction is committed", async () => {
  const { workload, asked } = await agentOf({ status: 204, transaction: "2.5" }, { tx: committed });
  expect(await workload.call("PUT", "/events", {})).toMatchObject({ status: 200, text: "" });
  expect(asked).toEqual(["/app/contracts/c1/events", "/node/tx?transaction_id=2.5"]);
});

test.each([...notObjects, { body: '{"secretId":5}' }])("a secret is not kept by a good status with %j", async (reply) => {
  const { workload } = await agentOf({ ...reply, transaction: "2.5" }, { tx: committed });
  expect(await workload.call("PUT", "/secrets/s", { value: "v" })).toMatchObject(unexpected);
});

test.each(["InternalError", "Boom"])("a 500 of the service is one line of the log, without the service's words (%s)", async (code) => {
  const { workload, lines } = await agentOf({ status: 500, body: JSON.stringify({ error: { code, message: "about a claim" } }) });
  expect(await workload.call("POST", "/secrets/x")).toMatchObject(refusal(500, code, "about a claim"));
  expect(lines).toEqual([`POST /secrets/{secretId}: 500 ${code}`]);
});

test("a failure of the agent itself is logged with the calls that led to it, and without the words of the error", async () => {
  const room = (): Promise<Room> => Promise.reject(new TypeError("got a secret\n    at least a part of it"));
  const { workload, lines } = await agentOf({}, { room });
  expect(await workload.call("POST", "/secrets/x")).toMatchObject(refusal(500, "InternalError", "the agent failed; its log says more"));
  expect(lines).toEqual([expect.stringMatching(/^POST \/secrets\/\{secretId\}: 500 InternalError TypeError\n {4}at .*unexpected\.test/)]);
  expect(lines.join()).not.toMatch(/a secret|at least/);
});
