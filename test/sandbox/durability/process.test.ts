import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Transport } from "../../../client/transport.js";
import { verifyService } from "../../../sandbox/ledger.js";
import { Workshop } from "./process.js";

const ENDPOINTS = {
  "PUT /row": {
    reuse: "app",
    body: `
      const [key, value] = request.body.text().split("=");
      ccf.kv["rows"].set(ccf.strToBuf(key), ccf.strToBuf(value));
      return {};`,
  },
  "PUT /slow": {
    reuse: "app",
    body: `
      const key = request.body.text();
      for (let i = 0; i < 5000; i++) ccf.kv["rows"];
      ccf.kv["rows"].set(ccf.strToBuf(key), ccf.strToBuf(key));
      return {};`,
  },
  "PUT /bomb": "const x = (1n << (1n << 26n)) - 1n; x * x;",
  "GET /row": `const value = ccf.kv["rows"].get(ccf.strToBuf(request.query)); return { body: value ? ccf.bufToStr(value) : "(none)" };`,
};

const OVER = { status: 0, signal: null };
const FAILED = { status: 1, signal: null };

async function put(service: Transport, key: string, value: string): Promise<string> {
  const { status, transactionId } = await service.request({ method: "PUT", path: "/app/row", body: Buffer.from(`${key}=${value}`) });
  expect(status).toBe(200);
  return transactionId ?? "";
}

async function get(service: Transport, path: string): Promise<unknown> {
  const { body, headers } = await service.request({ method: "GET", path });
  return headers["content-type"] === "application/json" ? JSON.parse(body.toString()) : body.toString();
}

const statusOf = async (service: Transport, id: string) =>
  ((await get(service, `/node/tx?transaction_id=${id}`)) as { status: string }).status;

async function founded(): Promise<Workshop & { readonly first: ReturnType<Workshop["create"]> }> {
  const workshop = await Workshop.open();
  const first = workshop.create();
  await workshop.found(first, ENDPOINTS);
  return Object.assign(workshop, { first });
}

/** What does not change when a service stops and goes on. */
const STEADY = [
  "/gov/service/members?api-version=2024-07-01",
  "/gov/service/constitution?api-version=2024-07-01",
  "/gov/service/javascript-app?api-version=2024-07-01",
  "/gov/members/proposals?api-version=2024-07-01",
  "/app/row?kept",
];

test("a service that is stopped and resumed again and again is the same one, with all that it held, in a later view each time", async () => {
  const workshop = await founded();
  let process = workshop.first;
  let service = await workshop.connect(process);
  const kept = await put(service, "kept", "for ever");
  const look = () => Promise.all(STEADY.map((path) => get(service, path)));
  const before = await look();
  const network = (await get(service, "/node/network")) as { service_certificate: string; current_view: number };

  for (let round = 1; round <= 3; round++) {
    const last = await put(service, "last", String(round));
    await service.close();
    expect(await process.signal("SIGTERM")).toEqual(OVER);
    await expect(stat(join(workshop.dir, "lock"))).rejects.toMatchObject({ code: "ENOENT" });
    process = workshop.resume();
    service = await workshop.connect(process);
    expect(await look()).toEqual(before);
    expect(await get(service, "/app/row?last")).toBe(String(round));
    expect([await statusOf(service, kept), await statusOf(service, last)]).toEqual(["Committed", "Committed"]);
    expect(await get(service, "/node/network")).toMatchObject({
      service_certificate: network.service_certificate,
      current_view: network.current_view + round,
      service_status: "Open",
    });
  }
  await service.close();
  expect(await process.signal("SIGTERM")).toEqual(OVER);
  expect(await verifyService(workshop.dir)).toMatchObject({ unsigned: 0, views: 4 });
});

test("SIGKILL under load: writes that were reported committed meanwhile, though nobody paused for them, are there afterwards", async () => {
  const workshop = await founded();
  const service = await workshop.connect(workshop.first, 8);
  const reported = new Map<string, string>();
  const writers = [1, 2, 3, 4, 5, 6, 7, 8].map(async (writer) => {
    const open: (readonly [key: string, id: string])[] = [];
    for (let i = 0; ; i++) {
      const key = `${writer}-${i}`;
      const { transactionId } = await service.request({ method: "PUT", path: "/app/slow", body: Buffer.from(key) });
      open.push([key, transactionId ?? ""]);
      const [oldest] = open;
      if (!oldest || i % 2 === 0 || (await statusOf(service, oldest[1])) !== "Committed") continue;
      reported.set(...oldest);
      open.shift();
    }
  });
  const ends = Promise.allSettled(writers);
  await vi.waitUntil(() => reported.size > 50, { timeout: 40_000 });
  await workshop.first.signal("SIGKILL");
  for (const end of await ends) expect(end).toMatchObject({ reason: { name: "ConnectionError" } });
  await service.close();

  const again = await workshop.connect(workshop.resume(), 4);
  for (const [key, id] of reported) {
    expect([key, await statusOf(again, id), await get(again, `/app/row?${key}`)]).toEqual([key, "Committed", key]);
  }
  await again.close();
});

test("SIGTERM under load: every write that was answered is there afterwards", async () => {
  const workshop = await founded();
  const service = await workshop.connect(workshop.first, 4);
  const answered = new Map<string, string>();
  const writers = [1, 2, 3, 4].map(async (writer) => {
    for (let i = 0; ; i++) {
      const key = `${writer}-${i}`;
      answered.set(key, await put(service, key, "x"));
    }
  });
  const ends = Promise.allSettled(writers);
  while (answered.size < 40) await sleep(5);
  expect(await workshop.first.signal("SIGTERM")).toEqual(OVER);
  await ends;
  await service.close();

  const again = await workshop.connect(workshop.resume(), 4);
  for (const [key, id] of answered) {
    expect([key, await statusOf(again, id), await get(again, `/app/row?${key}`)]).toEqual([key, "Committed", "x"]);
  }
  await again.close();
});

test("a directory takes one service at a time", async () => {
  const workshop = await founded();
  const second = workshop.resume();
  expect(await second.ended).toEqual(FAILED);
  expect(second.notes).toMatch(/^error: .*data is in use by process \d+; if that is no sandbox, remove .*lock\n$/);
  const service = await workshop.connect(workshop.first);
  await put(service, "a", "1");
  await service.close();

  await workshop.first.signal("SIGKILL");
  const both = [workshop.resume(), workshop.resume()];
  const results = await Promise.allSettled(both.map((process) => workshop.connect(process)));
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  for (const result of results) if (result.status === "fulfilled") await result.value.close();
});

test("a fresh service does not touch a directory that holds one", async () => {
  const workshop = await founded();
  await workshop.first.signal("SIGTERM");
  const second = workshop.create();
  expect(await second.ended).toEqual(FAILED);
  expect(second.notes).toMatch(/^error: .*data is not empty: resume the service that it holds, or choose another directory\n$/);
});

test("a port in use, and a directory that cannot be one, are a line each", async () => {
  const workshop = await Workshop.open();
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as AddressInfo;
  const onPort = workshop.create("--port", String(port));
  expect(await onPort.ended).toEqual(FAILED);
  expect(onPort.notes).toBe(`error: port ${port} of 127.0.0.1 is in use: choose another, or 0 for any\n`);

  await writeFile(join(workshop.folder, "file"), "");
  for (const dir of [join(workshop.folder, "file"), join(workshop.folder, "file", "below")]) {
    const inFile = workshop.create("--dir", dir);
    expect(await inFile.ended).toEqual(FAILED);
    expect(inFile.notes).toMatch(/^error: [^\n]+\n$/);
    expect(inFile.notes).toContain(dir);
  }
  const nowhere = workshop.resume("--dir", join(workshop.folder, "nothing"));
  expect(await nowhere.ended).toEqual(FAILED);
  expect(nowhere.notes).toMatch(/^error: .*nothing holds no service to resume\n$/);
  await mkdir(join(workshop.folder, "empty"));
  const empty = workshop.resume("--dir", join(workshop.folder, "empty"));
  expect(await empty.ended).toEqual(FAILED);
  expect(empty.notes).toMatch(/^error: .*empty holds no service to resume\n$/);
});

test.each(["the ledger", "the whole directory"])("a service whose files are taken away (%s) ends instead of going on", async (what) => {
  const workshop = await founded();
  const service = await workshop.connect(workshop.first);
  const committed = await put(service, "a", "1");
  while ((await statusOf(service, committed)) !== "Committed") await sleep(5);
  await rm(what === "the ledger" ? join(workshop.dir, "ledger") : workshop.dir, { recursive: true });
  const id = await put(service, "b", "2").catch(() => undefined);
  if (id !== undefined) expect(await statusOf(service, id).catch(() => "ended")).not.toBe("Committed");
  expect(await workshop.first.ended).toEqual(FAILED);
  expect(workshop.first.notes).toContain(`error: the service ends: ${join(workshop.dir, "ledger", "ledger_1")} has been deleted\n`);
  expect(workshop.first.notes).not.toMatch(/^\s+at /m);
  await service.close();
});

test("a guest that ends the JavaScript engine is in the log at most: nothing else is written to standard error", async () => {
  const workshop = await founded();
  const service = await workshop.connect(workshop.first);
  expect((await service.request({ method: "PUT", path: "/app/bomb" })).status).toBe(500);
  await put(service, "a", "1");
  await service.close();
  expect(await workshop.first.signal("SIGTERM")).toEqual(OVER);
  expect(workshop.first.notes).toMatch(/^The service answers at \S+; Ctrl-C stops it\.\n$/);
});

test("a ledger that was changed is not resumed: the first bad byte is named in a line", async () => {
  const workshop = await founded();
  await workshop.first.signal("SIGTERM");
  const file = join(workshop.dir, "ledger", "ledger_1");
  const bytes = await readFile(file);
  bytes[2000] = (bytes[2000] ?? 0) ^ 1;
  await writeFile(file, bytes);
  const again = workshop.resume();
  expect(await again.ended).toEqual(FAILED);
  expect(again.notes).toBe(`error: ${file}: transaction 1 at byte 0: the entry's checksum does not match\n`);
});

test("a ledger can be verified at any moment while the service writes it", async () => {
  const workshop = await founded();
  const service = await workshop.connect(workshop.first, 4);
  let writing = true;
  const writers = [1, 2, 3, 4].map(async (writer) => {
    for (let i = 0; writing; i++) await put(service, `${writer}`, "x".repeat(5000));
  });
  let signed = 0;
  for (let i = 0; i < 25; i++) {
    const verified = await verifyService(workshop.dir);
    expect(verified.fault).toBeUndefined();
    expect(verified.signed).toBeGreaterThanOrEqual(signed);
    signed = verified.signed;
  }
  writing = false;
  await Promise.all(writers);
  await service.close();
});
