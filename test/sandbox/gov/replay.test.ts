import { beforeEach, expect, test } from "vitest";
import { admitOnce } from "../../../sandbox/enclave/gov/replay.js";
import { tables } from "../../../sandbox/enclave/gov/tables.js";
import { Store } from "../../../sandbox/enclave/kv/store.js";

const NOW = 1_700_000_000;

let store: Store;
beforeEach(() => {
  store = new Store();
});

function admit(createdAt: number | bigint, digest = `d${createdAt.toString()}`, proposalId = "p"): void {
  const tx = store.begin();
  admitOnce(tx, BigInt(createdAt), digest, proposalId);
  store.apply(tx.writeSet(), store.seqno + 1);
}

const remembered = (): readonly string[] => [...tables(store.begin()).coseRecentProposals.keys()].sort();

test("a signature that was seen before is a replay of the first proposal", () => {
  admit(NOW, "same", "first");
  admit(NOW, "other");
  expect(() => {
    admit(NOW, "same", "second");
  }).toThrow("Proposal submission replay, already exists as proposal first");
});

test("a proposal older than the median of those remembered is refused; one as old as the median is not", () => {
  for (const after of [0, 10, 20, 30]) admit(NOW + after);
  expect(() => {
    admit(NOW + 19);
  }).toThrow(`Proposal created too long ago, created_at must be greater than ${NOW + 20}`);
  admit(NOW + 20, "another signature");
});

test("times are compared as numbers, not by their length", () => {
  admit(999);
  admit(NOW);
  expect(() => {
    admit(998);
  }).toThrow("created_at must be greater than");
});

test("a time of more than ten digits is refused", () => {
  admit(9_999_999_999);
  expect(() => {
    admit(10_000_000_000);
  }).toThrow("Header parameter created_at value is too large");
  expect(() => {
    admit(2n ** 63n - 1n);
  }).toThrow("Header parameter created_at value is too large");
});

test("no more proposals are remembered than the service configuration says", () => {
  const tx = store.begin();
  tables(tx).serviceConfig.set({ recovery_threshold: 0, recent_cose_proposals_window_size: 3 });
  store.apply(tx.writeSet(), 1);
  for (let i = 0; i < 6; i++) admit(NOW + i);
  expect(remembered()).toEqual([3, 4, 5].map((i) => `${NOW + i}:d${NOW + i}`));
});

test("a hundred proposals are remembered by default", () => {
  for (let i = 0; i < 120; i++) admit(NOW + i);
  expect(remembered()).toHaveLength(100);
});
