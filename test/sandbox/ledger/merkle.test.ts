import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { MerkleTree } from "../../../sandbox/enclave/ledger/merkle.js";

const sha = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** RFC 6962 section 2.1, as it is written there, without the prefixes. */
function naiveRoot(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (leaves.length === 1 && only) return only;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha(naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

const leaf = (i: number): Buffer => sha(Buffer.from(`leaf ${i}`));
const leavesOf = (n: number): Buffer[] => Array.from({ length: n }, (_, i) => leaf(i));

function treeOf(n: number): MerkleTree {
  const tree = new MerkleTree();
  for (const hash of leavesOf(n)) tree.append(hash);
  return tree;
}

const climb = (start: Uint8Array, proof: ReturnType<MerkleTree["proof"]>): Uint8Array =>
  proof.reduce((node, { side, digest }) => (side === "left" ? sha(digest, node) : sha(node, digest)), start);

test("the root of every size is that of RFC 6962's definition", () => {
  const tree = treeOf(70);
  for (let size = 1; size <= 70; size++) expect(Buffer.from(tree.root(size))).toEqual(naiveRoot(leavesOf(size)));
});

test("a proof of any leaf at any size leads to the root of that size, and no other leaf does", () => {
  const tree = treeOf(1500);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1500 }), fc.nat(1499), (size, at) => {
      const index = at % size;
      const proof = tree.proof(index, size);
      expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
      expect(Buffer.from(climb(leaf(index), proof))).toEqual(Buffer.from(tree.root(size)));
      expect(Buffer.from(climb(leaf(index + 1), proof))).not.toEqual(Buffer.from(tree.root(size)));
    }),
  );
  expect(Buffer.from(tree.root())).toEqual(naiveRoot(leavesOf(1500)));
});

test("the root is the hash of its two children", () => {
  const tree = treeOf(100);
  for (let size = 2; size <= 100; size++) expect(sha(tree.rootPreimage(size))).toEqual(Buffer.from(tree.root(size)));
  expect(() => tree.rootPreimage(1)).toThrow(RangeError);
});

test("a truncated tree is the tree that it was", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1100 }), fc.integer({ min: 1, max: 1100 }), (a, b) => {
      const [small, large] = a < b ? [a, b] : [b, a];
      const tree = treeOf(large);
      tree.truncate(small);
      expect(tree.root()).toEqual(treeOf(small).root());
      for (let i = small; i < large; i++) tree.append(leaf(i));
      expect(tree.root()).toEqual(treeOf(large).root());
    }),
    { numRuns: 30 },
  );
});

test("the peaks are the digests of the complete subtrees, the largest first", () => {
  const leaves = leavesOf(7);
  expect(
    treeOf(7)
      .peaks()
      .map((peak) => Buffer.from(peak)),
  ).toEqual([naiveRoot(leaves.slice(0, 4)), naiveRoot(leaves.slice(4, 6)), leaves[6]]);
});
