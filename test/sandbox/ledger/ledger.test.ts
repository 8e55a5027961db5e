import { expect, test } from "vitest";
import { LedgerCorrupt } from "../../../sandbox/enclave/ledger/corrupt.js";
import { decodeEntry, privateWrites, publicWrites } from "../../../sandbox/enclave/ledger/entry.js";
import { bytes, commitAll, memoryLedger, newIdentity, NEVER, put, recordingLedger, text } from "./service.js";

/** Time that passes when the test says so. */
class VirtualClock {
  #now = 0;
  #timers: { at: number; action: () => void }[] = [];

  after(milliseconds: number, action: () => void): () => void {
    const timer = { at: this.#now + milliseconds, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds;
    const due = this.#timers.filter(({ at }) => at <= this.#now);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { action } of due) action();
  }
}

test("the first transaction of a new service is 2.1", () => {
  const { ledger } = recordingLedger();
  expect(put(ledger, "public:t", "k", "v")).toEqual({ view: 2, seqno: 1 });
  expect(put(ledger, "public:t", "k", "w")).toEqual({ view: 2, seqno: 2 });
  expect(ledger.viewHistory()).toEqual([
    { view: 1, first: 1 },
    { view: 2, first: 1 },
  ]);
});

test("a transaction is visible at once, and recorded with the row's transaction", () => {
  const { ledger, storage } = recordingLedger();
  put(ledger, "public:t", "k", "v");
  const table = ledger.store.begin().table("public:t");
  expect(text(table.get(bytes("k")))).toBe("v");
  expect(table.versionOfPreviousWrite(bytes("k"))).toBe(1);
  expect(storage.entries).toHaveLength(1);
});

test("a transaction without writes is not recorded; its id is that of what it read", () => {
  const { ledger, storage } = recordingLedger();
  put(ledger, "public:t", "k", "v");
  const tx = ledger.store.begin();
  tx.table("public:t").get(bytes("k"));
  expect(ledger.commit(tx)).toEqual({ view: 2, seqno: 1 });
  expect(storage.entries).toHaveLength(1);
});

test("a transaction that read before another was committed is refused, and changes nothing", () => {
  const { ledger, storage } = recordingLedger();
  const stale = ledger.store.begin();
  stale.table("t").set(bytes("k"), bytes("stale"));
  put(ledger, "t", "k", "fresh");
  const root = ledger.root();
  expect(() => ledger.commit(stale)).toThrow("was committed since");
  expect(storage.entries).toHaveLength(1);
  expect(ledger.root()).toEqual(root);
});

test("what cannot be recorded is refused, and changes nothing", () => {
  const { ledger, storage } = recordingLedger();
  const root = ledger.root();
  expect(() => put(ledger, `public:${"x".repeat(70_000)}`, "k", "v")).toThrow(RangeError);
  expect(ledger.store.seqno).toBe(0);
  expect(storage.entries).toHaveLength(0);
  expect(ledger.root()).toEqual(root);
});

test("a signature follows after so many transactions", () => {
  const { ledger, storage } = recordingLedger({ policy: { transactions: 3, milliseconds: 1e6 } });
  for (const v of ["a", "b", "c", "d"]) put(ledger, "t", "k", v);
  expect(storage.flags.map(({ signature }) => signature)).toEqual([false, false, false, true, false]);
  expect(ledger.lastSignedSeqno).toBe(4);
});

test("a signature follows so many milliseconds after the first unsigned transaction, and none when nothing happened", () => {
  const clock = new VirtualClock();
  const { ledger } = recordingLedger({ policy: { transactions: 100, milliseconds: 50 }, timers: clock });
  put(ledger, "t", "k", "a");
  clock.pass(30);
  put(ledger, "t", "k", "b");
  expect(ledger.lastSignedSeqno).toBe(0);
  clock.pass(20);
  expect(ledger.lastSignedSeqno).toBe(3);
  clock.pass(10_000);
  expect(ledger.store.seqno).toBe(3);
  put(ledger, "t", "k", "c");
  clock.pass(49);
  expect(ledger.lastSignedSeqno).toBe(3);
  clock.pass(1);
  expect(ledger.lastSignedSeqno).toBe(5);
});

test("signing by hand calls the timer off, and does nothing when all is signed", () => {
  const clock = new VirtualClock();
  const { ledger } = recordingLedger({ policy: { transactions: 100, milliseconds: 50 }, timers: clock });
  ledger.sign();
  expect(ledger.store.seqno).toBe(0);
  put(ledger, "t", "k", "a");
  ledger.sign();
  ledger.sign();
  clock.pass(1000);
  expect(ledger.store.seqno).toBe(2);
});

test("a transaction is pending until a signature over it is on disk, then committed", () => {
  const { ledger } = recordingLedger();
  put(ledger, "t", "k", "a");
  put(ledger, "t", "k", "b");
  expect(ledger.statusOf(2, 1)).toBe("Pending");
  ledger.persisted(2);
  expect(ledger.statusOf(2, 1)).toBe("Pending");
  ledger.sign();
  put(ledger, "t", "k", "c");
  expect(ledger.statusOf(2, 2)).toBe("Pending");
  expect(ledger.lastCommitted().seqno).toBe(0);
  ledger.persisted(3);
  expect([1, 2, 3, 4].map((seqno) => ledger.statusOf(2, seqno))).toEqual(["Committed", "Committed", "Committed", "Pending"]);
  expect(ledger.lastCommitted()).toEqual({ view: 2, seqno: 3 });
});

test("ids of other views are invalid, ids that are still to come unknown", () => {
  const { ledger } = recordingLedger();
  put(ledger, "t", "k", "a");
  ledger.sign();
  ledger.persisted(2);
  put(ledger, "t", "k", "b");
  expect(ledger.statusOf(2, 100_000_000)).toBe("Unknown");
  expect(ledger.statusOf(7, 2)).toBe("Invalid");
  expect(ledger.statusOf(1, 1)).toBe("Invalid");
  expect(ledger.statusOf(1, 3)).toBe("Invalid");
  expect(ledger.statusOf(9, 100)).toBe("Unknown");
  expect(ledger.statusOf(2, 0)).toBe("Invalid");
  expect([0, 1, 3, 4].map((seqno) => ledger.viewOf(seqno))).toEqual([null, 2, 2, null]);
});

test("a signature is in the table of signatures as CCF has it, over the root before it", () => {
  const identity = newIdentity();
  const { ledger } = recordingLedger({ identity });
  put(ledger, "t", "k", "a");
  const root = ledger.root();
  ledger.sign();
  const row = ledger.store.begin().table("public:ccf.internal.signatures").get(new Uint8Array(8));
  expect(JSON.parse(text(row) ?? "")).toEqual({
    cert: identity.nodeCertificate,
    commit_seqno: 0,
    commit_view: 0,
    hashed_nonce: "0".repeat(64),
    node: identity.nodeId,
    root: Buffer.from(root).toString("hex"),
    seqno: 2,
    sig: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/) as string,
    view: 2,
  });
  expect(ledger.store.begin().table("public:ccf.internal.tree").has(new Uint8Array(8))).toBe(true);
});

test("waiting for a commit ends with the commit", async () => {
  const ledger = memoryLedger();
  const { seqno } = put(ledger, "t", "k", "a");
  let done = false;
  const waiting = ledger.whenCommitted(seqno).then(() => (done = true));
  await new Promise(setImmediate);
  expect(done).toBe(false);
  await commitAll(ledger);
  await waiting;
  expect(ledger.statusOf(2, seqno)).toBe("Committed");
});

test("the end of a file is asked for with one signature only", () => {
  const { ledger, storage } = recordingLedger({ policy: NEVER });
  ledger.endChunkAtNextSignature();
  for (const v of ["a", "b"]) {
    put(ledger, "t", "k", v);
    ledger.sign();
  }
  expect(storage.flags.map(({ endOfChunk }) => endOfChunk)).toEqual([false, true, false, false]);
});

test("after a new ledger secret the transactions need the new one, and it is not readable in the ledger", () => {
  const identity = newIdentity();
  const { ledger, storage } = recordingLedger({ identity });
  put(ledger, "t", "k", "old");
  const tx = ledger.store.begin();
  identity.secrets.rekey(tx);
  ledger.commit(tx);
  put(ledger, "t", "k", "new");
  expect(identity.secrets.latestSeqno).toBe(3);
  const last = decodeEntry(storage.entries[2] ?? new Uint8Array());
  expect(() => privateWrites(last, identity.secrets.at(1))).toThrow(LedgerCorrupt);
  expect(privateWrites(last, identity.secrets.at(3)).get("t")?.get("k")).toEqual(bytes("new"));
  const stranger = newIdentity();
  const rekeying = publicWrites(decodeEntry(storage.entries[1] ?? new Uint8Array()));
  expect(() => {
    stranger.secrets.observe(rekeying, 2);
  }).toThrow("belongs to another service");
});
