import { Store } from "../kv/store.js";
import { MerkleTree } from "./merkle.js";
import { SignatureIndex } from "./signatureIndex.js";
import { DIGEST_BYTES } from "./sha256.js";
import { ViewHistory } from "./views.js";

/** All that a service knows of its ledger: what its tables hold now, and enough to prove what they held. */
export type LedgerState = {
  readonly store: Store;
  /** Leaf `n` is transaction `n`; leaf 0 is zero, as in CCF. */
  readonly tree: MerkleTree;
  readonly views: ViewHistory;
  readonly signatures: SignatureIndex;
};

export function emptyState(): LedgerState {
  const tree = new MerkleTree();
  tree.append(new Uint8Array(DIGEST_BYTES));
  return { store: new Store(), tree, views: new ViewHistory(), signatures: new SignatureIndex() };
}
