import { X509Certificate } from "node:crypto";
import type { Identity } from "../identity.js";
import { Store } from "../kv/store.js";
import { Chain, type Link } from "./chain.js";
import { LedgerCorrupt } from "./corrupt.js";
import { privateWrites } from "./entry.js";
import type { SignatureRecord } from "./signature.js";
import { SignatureIndex } from "./signatureIndex.js";
import type { LedgerState } from "./state.js";
import { ViewHistory } from "./views.js";

/**
 * Builds the state of a service from its ledger. Entries after the last signature are left out: nobody was told that they are committed.
 *
 * What is verified: all that `Chain` checks of every entry and of every root, and ECDSA of the last signature, which covers them all.
 */
export class Replay {
  readonly #identity: Identity;
  readonly #chain: Chain;
  readonly #store = new Store();
  readonly #views = new ViewHistory();
  readonly #signatures = new SignatureIndex();
  #unsigned: Link[] = [];
  #lastSignature: SignatureRecord | undefined;

  /** @param identity unsealed; takes up the ledger secrets that are found */
  constructor(identity: Identity) {
    this.#identity = identity;
    this.#chain = new Chain(new X509Certificate(identity.serviceCertificate).publicKey);
  }

  /** Takes the next entry. @throws LedgerCorrupt */
  push(bytes: Uint8Array): void {
    const link = this.#chain.accept(bytes);
    this.#unsigned.push(link);
    if (!link.signature) return;
    for (const signed of this.#unsigned) this.#apply(signed);
    this.#unsigned = [];
    this.#signatures.add(link.entry.seqno);
    this.#lastSignature = link.signature;
  }

  /**
   * The state as of the last signature: `store.seqno` is where the storage must be cut. 0 if there was no signature.
   *
   * @throws LedgerCorrupt
   */
  finish(): LedgerState {
    if (this.#lastSignature) this.#chain.verify(this.#lastSignature);
    const { tree } = this.#chain;
    tree.truncate(this.#store.seqno + 1);
    return { store: this.#store, tree, views: this.#views, signatures: this.#signatures };
  }

  #apply({ entry, publicWrites }: Link): void {
    const { secrets } = this.#identity;
    const hidden = privateWrites(entry, secrets.at(entry.seqno));
    this.#store.apply(hidden.size === 0 ? publicWrites : new Map([...publicWrites, ...hidden]), entry.seqno);
    this.#views.begin(entry.view, entry.seqno);
    try {
      secrets.observe(publicWrites, entry.seqno);
    } catch (error) {
      throw new LedgerCorrupt(error instanceof Error ? error.message : String(error), entry.publicFrom, entry.seqno);
    }
  }
}
