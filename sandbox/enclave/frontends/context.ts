import type { Consensus, HistoricalStates, ScriptEngine } from "../js/host.js";
import type { HistoricalState } from "../js/host.js";
import type { Store } from "../kv/store.js";
import type { RequestObserver } from "../observer.js";
import type { Sessions } from "../sessions.js";

/** What the front ends see of the ledger. */
export interface LedgerView extends Consensus {
  /** The first sequence number of every view, in order. */
  viewHistory(): readonly { readonly view: number; readonly first: number }[];
  readonly currentView: number;
  /** Sequence number of the last signature transaction. */
  readonly lastSignedSeqno: number;
  readonly historical: HistoricalStates & {
    /** A committed transaction; undefined while it is being fetched from the host. */
    state(view: number, seqno: number): HistoricalState | undefined;
  };
}

/** What the `/app` and `/node` front ends are built on. */
export type NodeContext = {
  readonly store: Store;
  readonly ledger: LedgerView;
  readonly engine: ScriptEngine;
  /** Hexadecimal SHA-256 of the node's public key. */
  readonly nodeId: string;
  /** PEM. */
  readonly nodeSelfSignedCertificate: string;
  readonly sessions: Sessions;
  /** Host time in milliseconds since the epoch. */
  readonly now: () => number;
  /** A warning for whoever reads the log. */
  readonly warn: (line: string) => void;
  readonly observer?: RequestObserver | undefined;
};
