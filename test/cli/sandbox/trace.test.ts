import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sandboxShell } from "../sandbox.js";

test("sandbox start --trace logs a line for each request", async () => {
  const { run, start, stop, folder, members } = await sandboxShell();
  const dir = join(folder, "data");
  const { port } = await start("--members", members, "--dir", dir, "--trace");
  await run(["sandbox", "status", "--port", port]);
  await stop(port);
  const log = await readFile(join(dir, "sandbox.log"), "utf8");
  expect(log).toMatch(/ info {2}\[#\d+\] GET \/node\/network: 200, transaction \d+\.\d+; \d+\.\d ms in JavaScript, \d+\.\d ms in all\n/);
});

test("without --trace, requests leave no line in the log", async () => {
  const { run, start, stop, folder, members } = await sandboxShell();
  const dir = join(folder, "data");
  const { port } = await start("--members", members, "--dir", dir);
  await run(["sandbox", "status", "--port", port]);
  await stop(port);
  expect(await readFile(join(dir, "sandbox.log"), "utf8")).not.toContain("/node/network");
});

test("sandbox start --detach passes --trace on, and CCF itself has none", async () => {
  const { run, stop, folder, members } = await sandboxShell();
  const dir = join(folder, "data");
  const { out } = await run(["sandbox", "start", "--members", members, "--dir", dir, "--port", "0", "--detach", "--trace"]);
  const { port } = JSON.parse(out) as { port: number };
  await run(["sandbox", "status", "--port", String(port)]);
  await stop(String(port));
  expect(await readFile(join(dir, "sandbox.log"), "utf8")).toContain("] GET /node/network: 200");

  const options = ["--engine", "cchost", "--ccf-home", "h", "--members", members, "--port", "0", "--trace"];
  expect(await run(["sandbox", "start", ...options])).toMatchObject({
    status: 2,
    notes: expect.stringContaining("--engine cchost has no --trace") as unknown,
  });
});
