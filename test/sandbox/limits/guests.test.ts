import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { limiting } from "./constitution.js";
import { error, openService, TOO_LONG, type Place } from "./service.js";

const THREW = error("Exception thrown while executing.");

const ENDPOINTS = {
  "POST /run": "return new Function('request', request.body.text())(request);",
  "GET /left": "return { body: ccf.kv['left'].size };",
};

/** One service for all guests of a kind: what one does to it, the next would notice. */
let hurried: Place;
/** Has time for guests that end by themselves, on a machine that does much else. */
let patient: Place;
beforeAll(async () => {
  hurried = await openService(ENDPOINTS, {}, afterAll);
  patient = await openService(ENDPOINTS, {}, afterAll);
  await patient.propose({ apply: limiting({ max_execution_time_ms: 20_000 }) });
});

const run = (place: Place, body: string) => place.call("POST", "/run", body);

/** Nothing was replaced, nothing of a guest that failed is stored, and a write is committed. */
async function expectAlive(place: Place): Promise<void> {
  expect((await place.call("GET", "/left")).body).toBe(0);
  const { status, id } = await run(place, "ccf.kv['count'].set(new ArrayBuffer(8), new ArrayBuffer(8)); return {};");
  expect([status, await place.settled(id), await place.view()]).toEqual([200, "Committed", 2]);
}

const LEAVE = "ccf.kv['left'].set(new ArrayBuffer(1), new ArrayBuffer(1));";

test.each([
  ["an endless loop", "for (;;);", TOO_LONG],
  ["an endless loop that catches what stops it", "for (;;) { try { for (;;); } catch {} finally { continue; } }", TOO_LONG],
  ["an endless sort", "[...Array(1e5).keys()].sort(() => { for (;;); });", TOO_LONG],
  ["an endless getter of the answer", "return { get body() { for (;;); } };", TOO_LONG],
  ["an endless toJSON of the answer", "return { body: { toJSON() { for (;;); } } };", TOO_LONG],
  ["a bomb of one string", "let s = 'x'; for (;;) s += s;", THREW],
  ["a bomb of buffers", "const all = []; for (;;) all.push(new ArrayBuffer(1 << 20));", THREW],
  ["deep recursion", "const f = (n) => f(n + 1) + 1; return { body: f(0) };", THREW],
  ["a deep chain of proxies", "let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); return { body: p.x };", THREW],
  ["a deep regular expression", "return { body: new RegExp('('.repeat(1e5) + ')'.repeat(1e5)).test('') };", THREW],
  [
    "a transaction of a gigabyte",
    "const v = new ArrayBuffer(1 << 20); for (let i = 0; ; i++) ccf.kv[`t${i}`].set(ccf.strToBuf(`${i}`), v);",
    THREW,
  ],
])("%s ends that request, and the service answers the next ones", async (_name, body, expected) => {
  const place = expected === TOO_LONG ? hurried : patient;
  expect(await run(place, `${LEAVE} ${body}`)).toMatchObject(expected);
  await expectAlive(place);
});

test("a heap bomb ends at the limit of memory or of time, whichever comes first", async () => {
  const answer = await run(hurried, `${LEAVE} const all = []; for (;;) all.push(new Array(1000).fill(all.length));`);
  expect([THREW.body, TOO_LONG.body]).toContainEqual(answer.body);
  await expectAlive(hurried);
});

test("numbers that are too large for the JavaScript engine end their request like any bomb, as often as they come", async () => {
  const body = `${LEAVE} const x = (1n << (1n << 26n)) - 1n; try { x * x; } catch { return {}; }`;
  for (const answer of await Promise.all([1, 2, 3, 4].map(() => run(patient, body)))) expect(answer).toMatchObject(THREW);
  await expectAlive(patient);
});

test("what a transaction may write is bounded, also for a guest that goes on after it was refused", async () => {
  const { status, body } = await run(
    patient,
    `
    const v = new ArrayBuffer(1 << 24), refused = [];
    for (let i = 0; i < 6; i++) try { ccf.kv["big"].set(ccf.strToBuf(String(i)), v); } catch (e) { refused.push([e.name, e.message]); }
    for (const i of [0, 1, 2]) ccf.kv["big"].delete(ccf.strToBuf(String(i)));
    return { body: refused };`,
  );
  const refusal = ["RangeError", "a transaction cannot write more than 67108864 bytes"];
  expect([status, body]).toEqual([200, [refusal, refusal, refusal]]);
  await expectAlive(patient);
});

describe("a table whose name the ledger cannot hold", () => {
  test.each([
    ["too long", '"t".repeat(70000)', "a table's name may have 65535 bytes, not 70000"],
    ["too long, and public", '"public:".padEnd(70000)', "a table's name may have 65535 bytes, not 70000"],
    ["not Unicode", '"t\\ud800"', 'the table name "t\\ud800" is not Unicode text'],
  ])("(%s) is not written, nor is anything else of the transaction", async (_what, name, message) => {
    const v = "new ArrayBuffer(1)";
    expect(await run(patient, `${LEAVE} ccf.kv[${name}].set(${v}, ${v}); return {};`)).toMatchObject(error(message));
    await expectAlive(patient);
  });
});

test("long lines of the log are shortened, and many of them do no harm", async () => {
  const before = hurried.logged.length;
  expect(await run(hurried, "console.log('x'.repeat(1e6)); return {};")).toMatchObject({ status: 200 });
  expect(await run(hurried, "for (;;) console.log('x'.repeat(1000));")).toMatchObject(TOO_LONG);
  await expectAlive(hurried);
  const lines = hurried.logged.slice(before);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(11_000);
  expect(lines).toContainEqual(expect.stringMatching(/\[\d+ characters more\]$/));
});
