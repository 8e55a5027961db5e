import { HashList } from "./hashList.js";
import { DIGEST_BYTES, sha256 } from "./sha256.js";

/** A step from a leaf to the root: the digest to put on that side. */
export type ProofStep = { readonly side: "left" | "right"; readonly digest: Uint8Array };

/**
 * The Merkle tree over all transactions. Its shape is that of RFC 6962 section 2.1; a node is SHA-256(left || right), as in CCF.
 *
 * Every complete subtree's digest is kept: 64 bytes a leaf. A leaf is appended with one hash on average; a root or a proof, of the tree
 * at any earlier size too, takes as many hashes as the tree has levels.
 */
export class MerkleTree {
  /** `#levels[k]` holds the digests of the complete subtrees of 2^k leaves. */
  readonly #levels: HashList[] = [new HashList()];
  readonly #pair = Buffer.allocUnsafe(2 * DIGEST_BYTES);

  get size(): number {
    return this.#level(0).size;
  }

  append(leaf: Uint8Array): void {
    let index = this.size;
    let node = leaf;
    for (let level = 0; ; level++) {
      const list = this.#level(level);
      list.push(node);
      if (index % 2 === 0) return;
      node = this.#parent(list.get(index - 1), node);
      index = (index - 1) / 2;
    }
  }

  leaf(index: number): Uint8Array {
    return this.#level(0).get(index);
  }

  /** Digest of the first `size` leaves; there must be one at least. */
  root(size = this.size): Uint8Array {
    return new Uint8Array(this.#node(heightOf(size), 0, size));
  }

  /** The two digests whose hash is `root(size)`; there must be two leaves at least. */
  rootPreimage(size = this.size): Uint8Array {
    if (size < 2) throw new RangeError("the root of one leaf is the leaf");
    const height = heightOf(size) - 1;
    return Buffer.concat([this.#node(height, 0, size), this.#node(height, 1, size)]);
  }

  /** From the leaf up to `root(size)`. */
  proof(index: number, size = this.size): ProofStep[] {
    if (index >= size) throw new RangeError(`leaf ${index} is not among the first ${size}`);
    const steps: ProofStep[] = [];
    const height = heightOf(size);
    for (let level = 0, at = index; level < height; level++, at = Math.floor(at / 2)) {
      const sibling = at % 2 === 0 ? at + 1 : at - 1;
      if (sibling * 2 ** level >= size) continue;
      steps.push({ side: sibling < at ? "left" : "right", digest: new Uint8Array(this.#node(level, sibling, size)) });
    }
    return steps;
  }

  /** Digests of the complete subtrees that make up the tree, the largest first: enough to go on appending. */
  peaks(): Uint8Array[] {
    const peaks: Uint8Array[] = [];
    for (let level = this.#levels.length - 1; level >= 0; level--) {
      const list = this.#level(level);
      if (list.size % 2 === 1) peaks.push(list.get(list.size - 1));
    }
    return peaks;
  }

  /** Forgets the leaves from `size` on. */
  truncate(size: number): void {
    this.#levels.forEach((list, level) => {
      list.truncate(Math.min(list.size, Math.floor(size / 2 ** level)));
    });
  }

  #level(level: number): HashList {
    return (this.#levels[level] ??= new HashList());
  }

  /** The subtree that starts at leaf `index * 2^level` and ends 2^level leaves later, or at `size`. */
  #node(level: number, index: number, size: number): Uint8Array {
    const width = 2 ** level;
    if ((index + 1) * width <= size) return this.#level(level).get(index);
    const left = this.#node(level - 1, 2 * index, size);
    if ((2 * index + 1) * (width / 2) >= size) return left;
    return this.#parent(left, this.#node(level - 1, 2 * index + 1, size));
  }

  #parent(left: Uint8Array, right: Uint8Array): Buffer {
    this.#pair.set(left, 0);
    this.#pair.set(right, DIGEST_BYTES);
    return sha256(this.#pair);
  }
}

/** Levels above the leaves. */
const heightOf = (size: number): number => {
  if (size < 1) throw new RangeError("an empty tree has no root");
  return Math.ceil(Math.log2(size));
};
