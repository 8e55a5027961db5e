import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { limiting } from "./constitution.js";
import { openService, TOO_LONG, start, type Place } from "./service.js";

/** Backtracks for longer than anybody waits, without ever asking whether it has to stop. */
const WEDGE = `/^(a+)+$/.test("a".repeat(60) + "!");`;

/** Long enough for an ordinary request on a machine that does much else. */
const LIMIT_MS = 500;

const ENDPOINTS = {
  "PUT /row": `
    const [key, value] = request.body.text().split("=");
    ccf.kv["rows"].set(ccf.strToBuf(key), ccf.strToBuf(value));
    return { body: value };`,
  "GET /row": `
    const value = ccf.kv["rows"].get(ccf.strToBuf(request.query));
    return { body: value === undefined ? "(none)" : ccf.bufToStr(value) };`,
  "PUT /wedge": `ccf.kv["rows"].set(ccf.strToBuf("wedge"), ccf.strToBuf("written")); ${WEDGE} return {};`,
  "PUT /rsa": "ccf.crypto.generateRsaKeyPair(16384); return {};",
};

const put = (place: Place, key: string, value: string) => place.call("PUT", "/row", `${key}=${value}`);
const get = async (place: Place, key: string) => (await place.call("GET", `/row?${key}`)).body;

async function place(options: { readonly dir?: string } = {}): Promise<Place> {
  const open = await openService(ENDPOINTS, options);
  await open.propose({ apply: limiting({ max_execution_time_ms: LIMIT_MS }) });
  return open;
}

async function directory(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "wedge-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

test.each(["memory", "a directory"])(
  "a guest that cannot be stopped ends with the worker of a service in %s, which rises from its ledger",
  async (where) => {
    const service = await place(where === "memory" ? {} : { dir: await directory() });
    const { id } = await put(service, "a", "1");
    expect(await service.settled(id)).toBe("Committed");
    expect(await service.call("PUT", "/wedge")).toMatchObject(TOO_LONG);
    expect([await get(service, "a"), await get(service, "wedge")]).toEqual(["1", "(none)"]);
    expect(await service.statusOf(id)).toBe("Committed");
    expect(await service.view()).toBe(3);
    const after = await put(service, "a", "2");
    expect(await service.settled(after.id)).toBe("Committed");
    expect(after.id).toMatch(/^3\./);
  },
);

test("requests that wait meanwhile are answered by the new worker, each once", async () => {
  const service = await place();
  const before = Array.from({ length: 30 }, (_, i) => put(service, `before${i}`, "x"));
  const wedged = service.call("PUT", "/wedge");
  const after = Array.from({ length: 30 }, (_, i) => put(service, `after${i}`, "x"));
  expect((await Promise.all(before)).map(({ status }) => status)).toEqual(Array(30).fill(200));
  expect(await wedged).toMatchObject(TOO_LONG);
  const answers = await Promise.all(after);
  expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(200));
  for (const { id } of answers) expect([id?.split(".")[0], await service.settled(id)]).toEqual(["3", "Committed"]);
  for (const [i, { id }] of (await Promise.all(before)).entries()) {
    expect([i, await service.statusOf(id)]).toEqual([i, (await get(service, `before${i}`)) === "x" ? "Committed" : "Invalid"]);
  }
});

test("wedges that come all at once, or one after the other, end one by one", async () => {
  const service = await place();
  const wedges = [1, 2].map(() => service.call("PUT", "/wedge"));
  const write = put(service, "a", "1");
  for (const wedge of wedges) expect(await wedge).toMatchObject(TOO_LONG);
  expect(await service.settled((await write).id)).toBe("Committed");
  expect(await service.view()).toBe(4);
  expect(await service.call("PUT", "/wedge")).toMatchObject(TOO_LONG);
  expect([await get(service, "a"), await service.view()]).toEqual(["1", 5]);
});

test("a guest inside a long call of OpenSSL, which nothing can interrupt, is left behind", async () => {
  const service = await place();
  const answer = service.call("PUT", "/rsa");
  const write = put(service, "a", "1");
  expect(await answer).toMatchObject(TOO_LONG);
  expect(await service.settled((await write).id)).toBe("Committed");
});

test("a proposal that wedges validate, resolve or apply leaves nothing behind", async () => {
  const service = await place();
  const list = async () => (await service.call("GET", "/gov/members/proposals?api-version=2024-07-01")).body;
  const before = await list();
  for (const step of ["validate", "resolve", "apply"]) {
    await expect(service.propose({ [step]: WEDGE })).rejects.toMatchObject({
      status: 500,
      code: "InternalError",
      message: "Operation took too long to complete.",
    });
    expect(await list()).toEqual(before);
  }
  expect((await service.propose({ apply: "" })).proposalState).toBe("Accepted");
});

test("a ballot that wedges is not stored, and the proposal stays open for a better one", async () => {
  const service = await place();
  const proposal = await service.propose({ vote: true, apply: "" });
  const ballot = `export function vote() { ${WEDGE} return true; }`;
  await expect(service.vote(proposal, ballot)).rejects.toMatchObject({ status: 500, message: "Operation took too long to complete." });
  const stored = await service.call("GET", `/gov/members/proposals/${proposal.proposalId}?api-version=2024-07-01`);
  expect(stored.body).toMatchObject({ proposalState: "Open", ballotCount: 0 });
  expect(await service.vote(proposal, "export function vote() { return true; }")).toMatchObject({ proposalState: "Accepted" });
});

test("an application whose modules wedge when they are loaded harms only those who call it", async () => {
  const service = await place();
  await service.propose({
    apply: `ccf.kv["public:ccf.gov.modules"].set(ccf.strToBuf("/bad.js"), ccf.strToBuf(${JSON.stringify(`${WEDGE} export function f() {}`)}));
    const row = ccf.kv["public:ccf.gov.endpoints"].get(ccf.strToBuf("PUT /row"));
    ccf.kv["public:ccf.gov.endpoints"].set(ccf.strToBuf("PUT /bad"), ccf.jsonCompatibleToBuf({ ...ccf.bufToJsonCompatible(row), js_module: "/bad.js", js_function: "f" }));`,
  });
  expect(await service.call("PUT", "/bad")).toMatchObject(TOO_LONG);
  expect(await put(service, "a", "1")).toMatchObject({ status: 200 });
});

test("a service that is told to stop while a guest wedges it answers what waits, stores it, and stops", async () => {
  const dir = await directory();
  const service = await place({ dir });
  const wedge = service.call("PUT", "/wedge");
  const write = put(service, "a", "1");
  const stopped = service.service.stop();
  expect(await wedge).toMatchObject(TOO_LONG);
  const { status, id } = await write;
  expect(status).toBe(200);
  await stopped;
  expect(await put(service, "a", "2")).toMatchObject({ status: 500, body: { error: { message: "The service has ended." } } });
  const again = await start({ dir, resume: true });
  expect([await again.statusOf(id), await get(again, "a")]).toEqual(["Committed", "1"]);
});

test("a service that is told to stop while its worker is replaced stops", async () => {
  const dir = await directory();
  const service = await place({ dir });
  const { id } = await put(service, "a", "1");
  await service.settled(id);
  expect(await service.call("PUT", "/wedge")).toMatchObject(TOO_LONG);
  await service.service.stop();
  const again = await start({ dir, resume: true });
  expect([await again.statusOf(id), await again.view()]).toEqual(["Committed", 4]);
});
