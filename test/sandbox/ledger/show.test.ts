import { expect, test } from "vitest";
import { LedgerCorrupt } from "../../../sandbox/enclave/ledger/corrupt.js";
import { showLedger, type ShownTransaction } from "../../../sandbox/enclave/ledger/show.js";
import { bytes, put, recordingLedger } from "./service.js";

async function shown(entries: readonly Uint8Array[]): Promise<ShownTransaction[]> {
  const all: ShownTransaction[] = [];
  for await (const transaction of showLedger(entries)) all.push(transaction);
  return all;
}

test("a ledger is shown with its public tables decoded and its private ones sealed", async () => {
  const { ledger, storage } = recordingLedger();
  put(ledger, "public:t", "k", `{"a":1}`, (tx) => {
    tx.table("public:t").set(Uint8Array.of(0, 255), bytes("words"));
    tx.table("public:t").delete(bytes("gone"));
    tx.table("private").set(bytes("k"), bytes("hidden"));
    tx.claimsDigest = new Uint8Array(32).fill(1);
  });
  ledger.sign();
  const [first, signature] = await shown(storage.entries);
  expect(first).toEqual({
    id: "2.1",
    claimsDigest: "01".repeat(32),
    tables: [
      {
        name: "public:t",
        rows: [
          { key: { text: "k" }, value: { json: { a: 1 } } },
          { key: { hex: "00ff" }, value: { text: "words" } },
          { key: { text: "gone" }, value: null },
        ],
      },
    ],
    privateBytes: expect.any(Number) as number,
  });
  expect(JSON.stringify(first)).not.toContain("hidden");
  expect(signature?.tables.map(({ name }) => name)).toEqual(["public:ccf.internal.signatures", "public:ccf.internal.tree"]);
  expect(signature?.privateBytes).toBe(0);
});

test("what is not a ledger is not shown", async () => {
  await expect(shown([bytes("nonsense")])).rejects.toThrow(LedgerCorrupt);
});
