import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { SandboxOptions } from "../../../sandbox/index.js";
import { openService, TOO_LONG, type Place } from "./service.js";

/** As an application that has something to do: a few milliseconds. */
const ENDPOINTS = {
  "PUT /row": {
    reuse: "app",
    body: `
      let sum = 0;
      for (let i = 0; i < 30000; i++) sum += i;
      ccf.kv["rows"].set(ccf.strToBuf(request.body.text()), ccf.strToBuf(String(sum)));
      return {};`,
  },
  "PUT /wedge": `/^(a+)+$/.test("a".repeat(60) + "!"); return {};`,
};

const WRITERS = 8;

/** How late a signature and the word that it is on disk may come on a machine that does much else, besides the interval. In milliseconds. */
const LATE_MS = 1000;

/** Of an answered write, when its answer came (`performance.now()`). */
type Write = { readonly id: string; readonly at: number };

/** Clients that write without a pause, and do not care what becomes of it. */
class Writers {
  readonly answered: Write[] = [];
  readonly #ended: Promise<unknown>;
  #over = false;

  constructor(place: Place) {
    this.#ended = Promise.all(Array.from({ length: WRITERS }, (_, i) => this.#write(place, `writer ${i}`)));
    onTestFinished(() => this.stop());
  }

  async stop(): Promise<void> {
    this.#over = true;
    await this.#ended;
  }

  async #write(place: Place, key: string): Promise<void> {
    while (!this.#over) {
      const { status, id } = await place.call("PUT", "/row", key);
      expect(status).toBe(200);
      this.answered.push({ id: id ?? "", at: performance.now() });
    }
  }
}

const ORDINARY: SandboxOptions = { signatures: { milliseconds: 100 } };

const seqnoOf = (id: string): number => Number(id.split(".")[1]);

async function committed(place: Place): Promise<number> {
  const { body } = await place.call("GET", "/node/commit");
  return seqnoOf((body as { transaction_id: string }).transaction_id);
}

test("every write is committed soon after its answer, however many more there are behind it", async () => {
  const place = await openService(ENDPOINTS, ORDINARY);
  const writers = new Writers(place);
  const end = performance.now() + 3000;
  const waiting: number[] = [];
  for (let seen = 0; performance.now() < end;) {
    await sleep(20);
    const seqno = await committed(place);
    const now = performance.now();
    while (seqnoOf(writers.answered[seen]?.id ?? ".Infinity") <= seqno) seen++;
    waiting.push(now - (writers.answered[seen]?.at ?? now));
  }
  await writers.stop();
  expect(writers.answered.length).toBeGreaterThan(50);
  expect(Math.max(...waiting)).toBeLessThan(100 + LATE_MS);
});

test("of the writes before a guest that wedges the service, only the youngest are lost", async () => {
  const place = await openService(ENDPOINTS, ORDINARY);
  const writers = new Writers(place);
  await sleep(2500);
  const wedged = performance.now();
  expect(await place.call("PUT", "/wedge")).toMatchObject(TOO_LONG);
  await writers.stop();
  const old = writers.answered.filter(({ at }) => at < wedged - 100 - LATE_MS);
  expect(old.length).toBeGreaterThan(20);
  const statuses = await Promise.all(old.map(({ id }) => place.statusOf(id)));
  expect(new Set(statuses)).toEqual(new Set(["Committed"]));
  expect(await place.settled(writers.answered.at(-1)?.id)).toBe("Committed");
});
