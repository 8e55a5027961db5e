import { expect, test } from "vitest";
import type { HistoricalState } from "../../../sandbox/enclave/js/host.js";
import type { Ledger } from "../../../sandbox/enclave/ledger/ledger.js";
import { httpReceipt } from "../../../sandbox/enclave/ledger/receipt.js";
import type { LedgerStorage } from "../../../sandbox/enclave/ledger/storage.js";
import { Ledger as LedgerOf } from "../../../sandbox/enclave/ledger/ledger.js";
import { bytes, commitAll, memoryLedger, newIdentity, NEVER, noTimers, put, recordingLedger, text } from "./service.js";
import { receiptVerifies } from "./verifyReceipt.js";

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function stateOf(ledger: Ledger, seqno: number): Promise<HistoricalState> {
  for (;;) {
    const state = ledger.historical.state(ledger.viewOf(seqno) ?? 0, seqno);
    if (state) return state;
    await settled();
  }
}

async function rangeOf(ledger: Ledger, handle: number, first: number, last: number): Promise<readonly HistoricalState[]> {
  for (;;) {
    const states = ledger.historical.range(handle, first, last, 60);
    if (states) return states;
    await settled();
  }
}

const shown = (state: HistoricalState, table: string, key: string) => text(state.table(table).get(bytes(key)));

async function withThreeWrites(identity = newIdentity()): Promise<Ledger> {
  const ledger = memoryLedger({ identity });
  for (const v of ["a", "b", "c"]) put(ledger, "private table", "k", v);
  await commitAll(ledger);
  return ledger;
}

test("the first question about a transaction has no answer yet, the second one has", async () => {
  const ledger = await withThreeWrites();
  expect(ledger.historical.state(2, 2)).toBeUndefined();
  await settled();
  const state = ledger.historical.state(2, 2);
  expect(state?.transactionId).toBe("2.2");
  expect(state && shown(state, "private table", "k")).toBe("b");
});

test("a past transaction shows the rows that it wrote and no others", async () => {
  const ledger = memoryLedger();
  put(ledger, "public:t", "before", "1");
  put(ledger, "public:t", "k", "2", (tx) => {
    tx.table("public:t").delete(bytes("before"));
  });
  await commitAll(ledger);
  const table = (await stateOf(ledger, 2)).table("public:t");
  expect([table.size, text(table.get(bytes("k"))), table.has(bytes("before"))]).toEqual([1, "2", false]);
  expect(table.versionOfPreviousWrite(bytes("k"))).toBe(2);
  expect((await stateOf(ledger, 2)).table("public:other").size).toBe(0);
});

test("a transaction of another view, or none, is not shown", async () => {
  const ledger = await withThreeWrites();
  for (const [view, seqno] of [
    [1, 2],
    [3, 2],
    [2, 0],
    [2, 100],
  ] as const) {
    expect(ledger.historical.state(view, seqno)).toBeUndefined();
    await settled();
    expect(ledger.historical.state(view, seqno)).toBeUndefined();
  }
});

test("a range is given whole and in order once it has been fetched", async () => {
  const ledger = await withThreeWrites();
  expect(ledger.historical.range(7, 1, 3, 60)).toBeNull();
  const states = await rangeOf(ledger, 7, 1, 3);
  expect(states.map((state) => state.transactionId)).toEqual(["2.1", "2.2", "2.3"]);
  expect(states.map((state) => shown(state, "private table", "k"))).toEqual(["a", "b", "c"]);
});

test("a part of a range that was fetched is given at once under the same handle", async () => {
  const ledger = await withThreeWrites();
  await rangeOf(ledger, 7, 1, 3);
  expect(ledger.historical.range(7, 2, 2, 60)).toHaveLength(1);
  expect(ledger.historical.range(8, 2, 2, 60)).toBeNull();
  expect(ledger.historical.range(7, 1, 2, 60)).toBeNull();
  expect(await rangeOf(ledger, 7, 1, 2)).toHaveLength(2);
});

test("a range that is not committed yet is null until it is", async () => {
  const ledger = await withThreeWrites();
  const { seqno } = put(ledger, "t", "k", "later");
  expect(ledger.historical.range(1, 1, seqno, 60)).toBeNull();
  await settled();
  expect(ledger.historical.range(1, 1, seqno, 60)).toBeNull();
  expect(ledger.historical.range(2, 100_000_000, 100_000_001, 10)).toBeNull();
  await commitAll(ledger);
  expect(await rangeOf(ledger, 1, 1, seqno)).toHaveLength(seqno);
});

test("impossible ranges are refused in CCF's words", async () => {
  const { historical } = await withThreeWrites();
  expect(() => historical.range(1, 5, 2, 10)).toThrow(new Error("Invalid range for historical query: end 2 is before start 5"));
  expect(() => historical.range(1, 0, 0, 10)).toThrow("Earliest known ledger secret at 1 has no earlier secret stored version (0)");
});

test("a dropped handle is fetched again; an unknown one cannot be dropped", async () => {
  const ledger = await withThreeWrites();
  await rangeOf(ledger, 7, 1, 3);
  expect(ledger.historical.drop(7)).toBe(true);
  expect(ledger.historical.drop(7)).toBe(false);
  expect(ledger.historical.range(7, 1, 3, 60)).toBeNull();
});

test("a range is let go of when it has not been asked for so many seconds", async () => {
  let now = 0;
  const ledger = memoryLedger({ historical: { now: () => now, warn: () => undefined } });
  put(ledger, "t", "k", "v");
  await commitAll(ledger);
  expect(ledger.historical.range(7, 1, 1, 10)).toBeNull();
  await settled();
  now = 9_000;
  expect(ledger.historical.range(7, 1, 1, 10)).toHaveLength(1);
  now = 18_000;
  expect(ledger.historical.range(7, 1, 1, 10)).toHaveLength(1);
  now = 29_000;
  expect(ledger.historical.range(7, 1, 1, 10)).toBeNull();
});

test("what was not used for longest is let go of when there is too much", async () => {
  const ledger = memoryLedger({ historical: { now: () => 0, warn: () => undefined, maxBytes: 25_000 } });
  for (let i = 0; i < 4; i++) put(ledger, "public:t", "k", "x".repeat(10_000));
  await commitAll(ledger);
  for (const seqno of [1, 2]) await stateOf(ledger, seqno);
  expect(ledger.historical.state(2, 1)).toBeDefined();
  await stateOf(ledger, 3);
  expect(ledger.historical.state(2, 1)).toBeDefined();
  expect(ledger.historical.state(2, 2)).toBeUndefined();
});

test("a range of many pages arrives complete", async () => {
  const ledger = memoryLedger({ policy: { transactions: 700, milliseconds: 1e6 } });
  for (let i = 0; i < 3500; i++) put(ledger, "t", "k", `${i}`);
  await commitAll(ledger);
  const states = await rangeOf(ledger, 1, 1, 3500);
  expect(states).toHaveLength(3500);
  expect(states[3499]?.transactionId).toBe("2.3500");
});

test("entries of the host that are not the ledger's are not shown, and the log says so", async () => {
  const { storage } = recordingLedger();
  const lines: string[] = [];
  const swapping: LedgerStorage = {
    append: (seqno, entry, flags) => {
      storage.append(seqno, entry, flags);
    },
    // The host answers with the transaction before.
    read: (first, last) => storage.read(Math.max(1, first - 1), Math.max(1, last - 1)),
  };
  const ledger = new LedgerOf({
    identity: newIdentity(),
    storage: swapping,
    policy: NEVER,
    timers: noTimers,
    historical: { now: () => 0, warn: (line) => lines.push(line) },
  });
  for (const v of ["a", "b"]) put(ledger, "t", "k", v);
  ledger.sign();
  ledger.persisted(3);
  expect(ledger.historical.state(2, 2)).toBeUndefined();
  await settled();
  expect(ledger.historical.state(2, 2)).toBeUndefined();
  expect(lines).toEqual([expect.stringContaining("transaction 2")]);
});

test("every transaction has a receipt that anybody can verify, signatures and claims among them", async () => {
  const identity = newIdentity();
  const ledger = memoryLedger({ identity, policy: { transactions: 5, milliseconds: 1e6 } });
  const claims = new Uint8Array(32).fill(7);
  for (let i = 0; i < 23; i++) {
    put(ledger, i % 2 === 0 ? "t" : "public:t", `k${i}`, "v", (tx) => {
      if (i === 3) tx.claimsDigest = claims;
    });
  }
  await commitAll(ledger);
  const signatures: number[] = [];
  for (const state of await rangeOf(ledger, 1, 1, ledger.store.seqno)) {
    const { receipt } = state;
    const json = JSON.parse(JSON.stringify(httpReceipt(receipt))) as ReturnType<typeof httpReceipt>;
    expect(receiptVerifies(json, identity.serviceCertificate)).toBe(true);
    expect(receiptVerifies(receipt, identity.serviceCertificate)).toBe(true);
    expect(receiptVerifies(json, newIdentity().serviceCertificate)).toBe(false);
    if (receipt.is_signature_transaction) {
      signatures.push(Number(state.transactionId.split(".")[1]));
      expect(json).toEqual({ ...json, leaf: receipt.root_hex, proof: [] });
    } else {
      expect(receipt.leaf_components?.commit_evidence).toMatch(new RegExp(`^ce:${state.transactionId}:[0-9a-f]{64}$`));
      const forged = { ...receipt, leaf_components: { ...receipt.leaf_components, claims_digest: "11".repeat(32) } } as typeof receipt;
      expect(receiptVerifies(forged, identity.serviceCertificate)).toBe(false);
    }
  }
  expect(signatures).toEqual([6, 12, 18, 24, 28]);
  expect((await stateOf(ledger, 4)).receipt.leaf_components?.claims_digest).toBe("07".repeat(32));
  expect((await stateOf(ledger, 5)).receipt.leaf_components?.claims_digest).toBe("00".repeat(32));
});

test("receipts have the fields that CCF has", async () => {
  const ledger = await withThreeWrites();
  const { receipt } = await stateOf(ledger, 1);
  expect(Object.keys(receipt).sort()).toEqual(["cert", "is_signature_transaction", "leaf_components", "node_id", "proof", "signature"]);
  expect(Object.keys(httpReceipt(receipt))).toEqual(["cert", "leaf_components", "node_id", "proof", "signature"]);
});
