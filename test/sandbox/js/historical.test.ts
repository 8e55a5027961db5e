import { afterAll, beforeAll, expect, test } from "vitest";
import type { HistoricalState, ScriptReceipt } from "../../../sandbox/enclave/js/host.js";
import { Store } from "../../../sandbox/enclave/kv/store.js";
import { bytes, GuestHost } from "./guest.js";

const RECEIPT: ScriptReceipt = {
  signature: "c2ln",
  cert: "-----BEGIN CERTIFICATE-----",
  node_id: "ab",
  is_signature_transaction: false,
  leaf_components: { write_set_digest: "01", commit_evidence: "ce:2.1:00", claims_digest: "02" },
  proof: [{ left: "03" }, { right: "04" }],
};

function past(seqno: number): HistoricalState {
  const store = new Store();
  const tx = store.begin();
  tx.table("t").set(bytes("k"), bytes(`v${seqno}`));
  store.apply(tx.writeSet(), 1);
  return { transactionId: `2.${seqno}`, receipt: RECEIPT, table: (name) => store.begin().table(name) };
}

let host: GuestHost;
const dropped: number[] = [];
beforeAll(async () => {
  host = await GuestHost.start({
    historical: {
      range: (handle, first, last) => {
        if (last < first) throw new Error(`Invalid range for historical query: end ${last} is before start ${first}`);
        if (handle === 0 || last > 1000) return null;
        return Array.from({ length: last - first + 1 }, (_, i) => past(first + i));
      },
      drop: (handle) => dropped.push(handle) > 0 && handle === 1,
    },
  });
});
afterAll(() => {
  host.engine.dispose();
});

test("a range is null until it is there, then an array of states with their own tables", () => {
  const body = `const none = ccf.historical.getStateRange("x", 1, 3, 10), states = ccf.historical.getStateRange(1, 5, 7, 10.9);
    return { body: { none, isArray: Array.isArray(states), keys: Object.keys(states[0]), ids: states.map((s) => s.transactionId), values: states.map((s) => U(s.kv.t.get(S("k")))), live: ccf.kv.t.size, receipt: states[0].receipt } };`;
  expect(host.json(body)).toEqual({
    none: null,
    isArray: true,
    keys: ["transactionId", "receipt", "kv"],
    ids: ["2.5", "2.6", "2.7"],
    values: ["v5", "v6", "v7"],
    live: 0,
    receipt: RECEIPT,
  });
});

test("impossible arguments are refused in CCF's words", () => {
  const body = `const g = ccf.historical.getStateRange, d = ccf.historical.dropCachedStates, c = ccf.consensus;
    return { body: [() => g(), () => g(1, 2, 3), () => g(-1, 1, 2, 3), () => g(1, 5, 2, 10), () => d(), () => d(-1), () => c.getLastCommittedTxId(1), () => c.getStatusForTxId(1), () => c.getStatusForTxId(-1, 2), () => c.getViewForSeqno(-1)].map((f) => attempt(f).error.join(": ")) };`;
  expect(host.json(body)).toEqual([
    "TypeError: Passed 0 arguments, but expected 4",
    "TypeError: Passed 3 arguments, but expected 4",
    "RangeError: Invalid handle or seqno or expiry: cannot be negative",
    "InternalError: Failed to get state range: Invalid range for historical query: end 2 is before start 5",
    "TypeError: Passed 0 arguments, but expected 1",
    "RangeError: Invalid handle: cannot be negative",
    "TypeError: Passed 1 arguments, but expected 0",
    "TypeError: Passed 1 arguments, but expected 2",
    "RangeError: Invalid view or seqno: cannot be negative",
    "RangeError: Invalid seqno: cannot be negative",
  ]);
});

test("cached states are dropped by handle, and consensus answers", () => {
  const body = `return { body: [ccf.historical.dropCachedStates(1), ccf.historical.dropCachedStates(2), ccf.consensus.getLastCommittedTxId().view, ccf.consensus.getStatusForTxId(2, 1), ccf.consensus.getStatusForTxId(1, 1), ccf.consensus.getViewForSeqno(1), ccf.consensus.getViewForSeqno(1e9)] };`;
  expect(host.json(body)).toEqual([true, false, 2, "Committed", "Invalid", 2, null]);
  expect(dropped.slice(-2)).toEqual([1, 2]);
});

test("the past can be read and not written; the present stands beside it", () => {
  host.commit((tx) => {
    tx.table("t").set(bytes("k"), bytes("now"));
  });
  const body = `const m = ccf.historicalState.kv.t, o = {};
    for (const n of ["set", "delete", "clear"]) o[n] = attempt(() => m[n](S("k"), S("x"))).error[1];
    o.each = []; m.forEach((v, k) => { o.each.push(U(k) + U(v)); }); o.has = m.has(S("k")); o.id = ccf.historicalState.transactionId; o.gov = ccf.historicalState.kv["public:ccf.gov.members.info"].size;
    o.live = U(ccf.kv.t.get(S("k"))); o.secret = attempt(() => ccf.historicalState.kv["ccf.internal.x"].size).error[1]; return { body: o };`;
  const denied = (method: string): string =>
    `Cannot call "${method}" on table named t. All tables are read-only during historical transaction.`;
  expect(host.json(body, { mode: "historical", historicalState: past(3) })).toEqual({
    set: denied("set"),
    delete: denied("delete"),
    clear: denied("clear"),
    each: ["kv3"],
    has: true,
    id: "2.3",
    gov: 0,
    live: "now",
    secret: 'Cannot call "size" on table named ccf.internal.x. ',
  });
});
