import { request } from "node:https";
import { connect } from "node:tls";
import { expect, test } from "vitest";
import type { Sandbox } from "../../../sandbox/index.js";
import { start } from "./application.js";

test("quotes and attestations show what the virtual platform measured, in hexadecimal", async () => {
  const { sandbox } = await start();
  const get = async (url: string): Promise<unknown> => (await sandbox.request({ url })).json();
  const self = { format: "Insecure_Virtual", measurement: Buffer.from("Insecure hard-coded virtual measurement v1").toString("hex") };
  expect(await get("/node/quotes/self")).toMatchObject(self);
  expect(await get("/node/quotes")).toMatchObject({ quotes: [self] });
  expect(await get("/node/attestations/self")).toMatchObject(self);
  expect(await get("/node/attestations")).toMatchObject({ attestations: [self] });
});

/** Sends bytes over a connection of their own, and waits for its end, which may come before all of them are sent. */
const sendRaw = (sandbox: Sandbox, bytes: string): Promise<void> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(sandbox.url ?? "");
    const socket = connect({ host: hostname, port: Number(port), ca: sandbox.serviceCertificate }, () => socket.write(bytes));
    socket
      .on("error", () => undefined)
      .once("close", () => {
        resolve();
      });
    socket.resume();
  });

test("a node counts the connections of its clients, and what they end by", async () => {
  const { sandbox } = await start(undefined, { port: 0 });
  const metrics = async (): Promise<unknown> => (await sandbox.request({ url: "/node/metrics" })).json();
  const caps = { soft_cap: 1000, hard_cap: 1010 };
  const none = { parsing: 0, request_header_too_large: 0, request_payload_too_large: 0 };
  expect(await metrics()).toEqual({
    sessions: { active: 0, interfaces: { primary_rpc_interface: { active: 0, errors: none, peak: 0, ...caps } }, peak: 0 },
  });

  await sendRaw(sandbox, "no request\r\n\r\n");
  await sendRaw(sandbox, `GET /node/version HTTP/1.1\r\nx: ${"x".repeat(17 * 1024)}\r\n\r\n`);
  await sendRaw(sandbox, `POST /node/version HTTP/1.1\r\ncontent-length: 1048577\r\n\r\n${"x".repeat(1048577)}`);
  const seen = await new Promise((resolve, reject) => {
    request(`${sandbox.url ?? ""}/node/metrics`, { ca: sandbox.serviceCertificate, agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      answer.once("end", () => {
        resolve(JSON.parse(text));
      });
    })
      .once("error", reject)
      .end();
  });
  const errors = { parsing: 1, request_header_too_large: 1, request_payload_too_large: 1 };
  expect(seen).toMatchObject({ sessions: { interfaces: { primary_rpc_interface: { errors, ...caps } } } });
  const { active, peak } = (seen as { sessions: { active: number; peak: number } }).sessions;
  expect(active).toBeGreaterThanOrEqual(1);
  expect(peak).toBeGreaterThanOrEqual(active);
});
