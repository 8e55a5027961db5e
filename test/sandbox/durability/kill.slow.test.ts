import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Transport } from "../../../client/transport.js";
import { verifyService } from "../../../sandbox/ledger.js";
import { Workshop } from "./process.js";

const ROUNDS = 50;
/** Some rounds end before the service is ready. */
const EARLY = 8;
const WRITERS = 6;

const ENDPOINTS = {
  // One transaction writes a row of a private and one of a public table, which must be there together or not at all.
  "PUT /pair": {
    reuse: "app",
    body: `
      const { key, value } = request.body.json();
      for (const table of ["private pairs", "public:pairs"]) ccf.kv[table].set(ccf.strToBuf(key), ccf.strToBuf(value));
      return {};`,
  },
  "POST /look": {
    mode: "readonly",
    reuse: "app",
    body: `
      const read = (table, key) => { const value = ccf.kv[table].get(ccf.strToBuf(key)); return value === undefined ? null : ccf.bufToStr(value); };
      return { body: request.body.json().map(({ key, id }) => {
        const [view, seqno] = id.split(".").map(Number);
        return [ccf.consensus.getStatusForTxId(view, seqno), read("private pairs", key), read("public:pairs", key)];
      }) };`,
  },
};

type Write = { readonly key: string; readonly value: string; readonly id: string };
type Seen = readonly [status: string, hidden: string | null, open: string | null];

/** Everything that clients were told since the service was founded. */
class Memory {
  readonly issued: Write[] = [];
  readonly committed = new Set<Write>();
  #awaited: { readonly count: number; readonly reached: () => void } | undefined;

  add(write: Write): void {
    this.issued.push(write);
    if (this.issued.length === this.#awaited?.count) this.#awaited.reached();
  }

  /** Resolves when so many more have been issued. */
  more(count: number): Promise<void> {
    return new Promise((reached) => (this.#awaited = { count: this.issued.length + count, reached }));
  }
}

let next = 0;

/** Writes, one after the other, and asks of some whether they are committed, until the connection breaks. */
async function writer(transport: Transport, memory: Memory, patient: boolean): Promise<void> {
  try {
    for (;;) {
      const [key, value] = [`k${++next}`, `v${Math.random()}`];
      const body = Buffer.from(JSON.stringify({ key, value }));
      const { status, transactionId } = await transport.request({ method: "PUT", path: "/app/pair", body });
      expect(status).toBe(200);
      if (transactionId === undefined) throw new Error("a write has no id");
      const write = { key, value, id: transactionId };
      memory.add(write);
      while (patient && (await statusOf(transport, write)) !== "Committed") await sleep(2);
      if (patient) memory.committed.add(write);
    }
  } catch (error) {
    if (!(error instanceof Error && error.name === "ConnectionError")) throw error;
  }
}

async function statusOf(transport: Transport, { id }: Write): Promise<string> {
  const { body } = await transport.request({ method: "GET", path: `/node/tx?transaction_id=${id}` });
  return (JSON.parse(body.toString()) as { status: string }).status;
}

async function look(transport: Transport, writes: readonly Write[]): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (let from = 0; from < writes.length; from += 500) {
    const body = Buffer.from(JSON.stringify(writes.slice(from, from + 500)));
    const answer = await transport.request({ method: "POST", path: "/app/look", body });
    expect(answer.status).toBe(200);
    seen.push(...(JSON.parse(answer.body.toString()) as Seen[]));
  }
  return seen;
}

/** What was reported Committed is there; of the rest, every transaction is there as a whole, or its id is invalid for good. */
async function check(transport: Transport, memory: Memory, writes: readonly Write[]): Promise<number> {
  let lost = 0;
  for (const [i, [status, hidden, open]] of (await look(transport, writes)).entries()) {
    const write = writes[i];
    if (!write) throw new Error("more answers than questions");
    if (memory.committed.has(write)) expect([write.id, status]).toEqual([write.id, "Committed"]);
    expect([write.id, status, hidden, open]).toEqual(
      status === "Committed" ? [write.id, status, write.value, write.value] : [write.id, "Invalid", null, null],
    );
    if (status !== "Committed") lost++;
  }
  return lost;
}

test("a service that is killed fifty times under load has lost nothing that it reported committed, and shows nothing by halves", async () => {
  const workshop = await Workshop.open();
  const memory = new Memory();
  let service = workshop.create();
  await workshop.found(service, ENDPOINTS);
  const certificate = await workshop.serviceCertificate();
  let lost = 0;
  let unchecked: Write[] = [];

  for (let round = 1; round <= ROUNDS; round++) {
    if (round % EARLY === 0) {
      await sleep(Math.random() * 900);
      await service.signal("SIGKILL");
    } else {
      const transport = await workshop.connect(service, WRITERS);
      lost += await check(transport, memory, unchecked);
      const before = memory.issued.length;
      // All connections are there before the clock starts.
      await Promise.all(Array.from({ length: WRITERS }, () => transport.request({ method: "GET", path: "/node/commit" })));
      const writers = Array.from({ length: WRITERS }, (_, i) => writer(transport, memory, i % 2 === 0));
      await Promise.race([memory.more(1 + Math.floor(Math.random() * 80)), sleep(1000)]);
      await sleep(Math.random() * 10);
      expect(await service.signal("SIGKILL")).toEqual({ status: null, signal: "SIGKILL" });
      await Promise.all(writers);
      await transport.close();
      unchecked = memory.issued.slice(before);
    }
    if (round % 10 === 0) expect((await verifyService(workshop.dir)).fault).toBeUndefined();
    service = workshop.resume();
  }

  const transport = await workshop.connect(service);
  lost += await check(transport, memory, unchecked);
  expect(await check(transport, memory, memory.issued)).toBe(lost);
  const network = await transport.request({ method: "GET", path: "/node/network" });
  expect(JSON.parse(network.body.toString())).toMatchObject({ service_certificate: certificate });
  await transport.close();
  expect(await service.signal("SIGTERM")).toEqual({ status: 0, signal: null });
  const verified = await verifyService(workshop.dir);
  expect(verified).toMatchObject({ unsigned: 0 });
  expect(verified.fault).toBeUndefined();
  expect(verified.torn).toBeUndefined();
  expect(memory.committed.size).toBeGreaterThan(ROUNDS);
}, 600_000);
