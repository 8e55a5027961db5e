import type { KeyObject } from "node:crypto";
import type { WriteSet } from "../kv/transaction.js";
import { LedgerCorrupt } from "./corrupt.js";
import { decodeEntry, leafOf, publicWrites, type Entry } from "./entry.js";
import { MerkleTree } from "./merkle.js";
import { DIGEST_BYTES } from "./sha256.js";
import { certificateFault, signatureIn, signatureVerifies, type SignatureRecord } from "./signature.js";

export type Link = { readonly entry: Entry; readonly publicWrites: WriteSet; readonly signature: SignatureRecord | undefined };

/**
 * Checks entries from the first one on: form, order, views, and that every signature names the root of all that is before it and a node
 * that the service endorsed. ECDSA is checked on demand: a root covers all earlier entries, earlier signatures among them, so that one
 * good signature vouches for everything before it.
 */
export class Chain {
  readonly tree = new MerkleTree();
  readonly #service: KeyObject;
  readonly #goodCertificates = new Set<string>();
  #view = 1;
  #seqno = 0;

  /** @param service public key of the service */
  constructor(service: KeyObject) {
    this.#service = service;
    this.tree.append(new Uint8Array(DIGEST_BYTES));
  }

  get seqno(): number {
    return this.#seqno;
  }

  /** @throws LedgerCorrupt, which names the transaction */
  accept(bytes: Uint8Array): Link {
    const expected = this.#seqno + 1;
    try {
      const entry = decodeEntry(bytes);
      if (entry.seqno !== expected) throw new LedgerCorrupt(`the entry says it is transaction ${entry.seqno}`, 6);
      if (entry.view < Math.max(2, this.#view)) throw new LedgerCorrupt(`view ${entry.view} comes after view ${this.#view}`, 2);
      const writes = publicWrites(entry);
      const signature = this.#signature(entry, writes);
      this.tree.append(leafOf(entry));
      this.#view = entry.view;
      this.#seqno = expected;
      return { entry, publicWrites: writes, signature };
    } catch (error) {
      if (error instanceof LedgerCorrupt) throw error.of(expected);
      throw error;
    }
  }

  /** @throws LedgerCorrupt where ECDSA does not verify. All that the signature covers must have been accepted. */
  verify(signature: SignatureRecord): void {
    if (!signatureVerifies(signature, this.tree.rootPreimage(signature.seqno))) {
      throw new LedgerCorrupt("the signature does not verify", 0, signature.seqno);
    }
  }

  #signature(entry: Entry, writes: WriteSet): SignatureRecord | undefined {
    const fault = (reason: string) => new LedgerCorrupt(reason, entry.publicFrom);
    let signature: SignatureRecord | undefined;
    try {
      signature = signatureIn(writes);
    } catch (error) {
      throw fault(error instanceof Error ? error.message : String(error));
    }
    if (!signature) return undefined;
    if (signature.seqno !== entry.seqno || signature.view !== entry.view) throw fault("the signature is for another transaction");
    if (signature.seqno < 2) throw fault("there is nothing to sign before the first transaction");
    if (signature.root !== Buffer.from(this.tree.root()).toString("hex")) throw fault("the root is not that of the transactions before");
    if (!this.#goodCertificates.has(signature.node + signature.cert)) {
      const wrong = certificateFault(signature, this.#service);
      if (wrong !== undefined) throw fault(wrong);
      this.#goodCertificates.add(signature.node + signature.cert);
    }
    return signature;
  }
}
