import type { AppendFlags } from "../../enclave/ledger/storage.js";

/** What the host tells of the ledger's files. */
export type LedgerEvents = {
  /** All entries up to `seqno` survive whatever happens to the machine. */
  readonly persisted: (seqno: number) => void;
  /** Writing failed; nothing is written or confirmed any more. */
  readonly failed: (error: Error) => void;
};

/** The host's side of the enclave's `LedgerStorage`. */
export interface LedgerWriter {
  /**
   * All entries from the first on, in groups; once, before anything else, to go on with a ledger. What was being written when the last
   * run ended is left out. The entries of a group are views of one buffer that nothing else uses. @throws LedgerDamaged
   */
  recover(): AsyncIterable<readonly Uint8Array[]>;
  /** Takes the transactions after `last` out, for good. */
  cut(last: number): Promise<void>;
  append(seqno: number, entry: Uint8Array, flags: AppendFlags): void;
  /** Entries `first` to `last`, all views of one buffer that nothing else uses. Rejects if they are not there or not intact. */
  read(first: number, last: number): Promise<readonly Uint8Array[]>;
  /** Resolves when all that was appended is on disk. */
  close(): Promise<void>;
}
