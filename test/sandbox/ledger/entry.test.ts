import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LedgerSecret } from "../../../sandbox/enclave/identity/secrets.js";
import { LedgerCorrupt } from "../../../sandbox/enclave/ledger/corrupt.js";
import { decodeEntry, encodeEntry, privateWrites, publicWrites } from "../../../sandbox/enclave/ledger/entry.js";
import type { WriteSet } from "../../../sandbox/enclave/kv/transaction.js";

const secret = new LedgerSecret(1, randomBytes(32));

const value = fc.option(fc.uint8Array({ maxLength: 40 }), { nil: null });
const latin1 = fc.uint8Array({ maxLength: 20 }).map((key) => Buffer.from(key).toString("latin1"));
const rows = fc.array(fc.tuple(latin1, value), { maxLength: 5 }).map((list) => new Map(list));
const name = fc
  .tuple(fc.constantFrom("public:", ""), fc.string({ unit: "grapheme", maxLength: 20 }))
  .map(([domain, rest]) => domain + rest);
const writeSet = fc.array(fc.tuple(name, rows), { maxLength: 5 }).map((list): WriteSet => new Map(list));

const plain = (writes: WriteSet) =>
  [...writes].map(([table, entries]) => [table, [...entries].map(([key, row]) => [key, row && [...row]])]);

test("whatever a transaction writes comes back from its entry", () => {
  fc.assert(
    fc.property(
      writeSet,
      fc.nat(2 ** 32 - 1),
      fc.nat(2 ** 48 - 1),
      fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 })),
      (writes, view, seqno, claims) => {
        const { bytes } = encodeEntry({ view, seqno }, writes, claims ?? undefined, secret);
        const entry = decodeEntry(bytes);
        expect([entry.view, entry.seqno]).toEqual([view, seqno]);
        expect(entry.claimsDigest && [...entry.claimsDigest]).toEqual(claims ? [...claims] : undefined);
        const back = new Map([...publicWrites(entry), ...privateWrites(entry, secret)]);
        expect(new Map(plain(back) as [string, unknown][])).toEqual(new Map(plain(writes) as [string, unknown][]));
      },
    ),
  );
});

const SECRET_WORDS = "the patient's name is in this row";
const sample = encodeEntry(
  { view: 2, seqno: 7 },
  new Map([
    ["public:log", new Map([["key", Buffer.from("for everyone")]])],
    ["patients", new Map([["key of the patient", Buffer.from(SECRET_WORDS)]])],
  ]),
  randomBytes(32),
  secret,
);

test("private tables, keys and values are not readable in an entry; public ones are", () => {
  const text = Buffer.from(sample.bytes).toString("latin1");
  for (const hidden of ["patients", "key of the patient", SECRET_WORDS]) expect(text).not.toContain(hidden);
  for (const shown of ["public:log", "for everyone"]) expect(text).toContain(shown);
});

test("the same private rows look different in every transaction", () => {
  const writes = new Map([["t", new Map([["k", Buffer.from("v")]])]]);
  const [a, b] = [1, 2].map(() => encodeEntry({ view: 2, seqno: 1 }, writes, undefined, secret).bytes);
  expect(a).not.toEqual(b);
});

const decodeAll = (bytes: Uint8Array): void => {
  const entry = decodeEntry(bytes);
  publicWrites(entry);
  privateWrites(entry, secret);
};

test("an entry that ends early is corrupt, wherever it ends", () => {
  for (let length = 0; length < sample.bytes.length; length++) {
    expect(() => {
      decodeAll(sample.bytes.subarray(0, length));
    }).toThrow(LedgerCorrupt);
  }
});

test("a changed bit anywhere in an entry with private rows is found", () => {
  for (let bit = 0; bit < sample.bytes.length * 8; bit++) {
    const changed = Buffer.from(sample.bytes);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(() => {
      decodeAll(changed);
    }).toThrow(LedgerCorrupt);
  }
});

test("arbitrary bytes are decoded or corrupt, nothing else", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(3), (noise, flags) => {
      const bytes = Buffer.concat([Uint8Array.of(1, flags), noise]);
      try {
        decodeAll(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(LedgerCorrupt);
      }
    }),
    { numRuns: 2000 },
  );
});

test("a table that is too long a name for the ledger is refused", () => {
  const writes = new Map([[`public:${"x".repeat(70_000)}`, new Map([["k", Buffer.from("v")]])]]);
  expect(() => encodeEntry({ view: 2, seqno: 1 }, writes, undefined, secret)).toThrow(RangeError);
});
