import type { Identity } from "../identity.js";
import type { Consensus, ScriptEngine } from "../js/host.js";
import type { Transaction } from "../kv/transaction.js";
import type { RequestObserver } from "../observer.js";

/** What governance needs of the service around it. */
export type GovernanceContext = {
  readonly engine: ScriptEngine;
  readonly consensus: Consensus;
  /** Root of the ledger's Merkle tree over every transaction up to the state that is read now; 32 bytes. */
  readonly merkleRoot: () => Uint8Array;
  readonly identity: Pick<Identity, "endorse" | "selfSigned"> & { readonly secrets: Pick<Identity["secrets"], "latestSeqno" | "rekey"> };
  /** What recovery members can put together from their shares: the secrets that private writes in the ledger are encrypted with. */
  readonly recoverySecret: Uint8Array;
  /** Asks for the current ledger file to be closed at the next signature after this transaction has committed. */
  readonly requestLedgerChunk: (tx: Transaction) => void;
  readonly observer?: RequestObserver | undefined;
};
