/** Where the ledger's entries go: files of the host, in the end. The enclave trusts nothing that comes back. */
export interface LedgerStorage {
  /**
   * Takes the entry of the next transaction; does not wait. Entries come in order of `seqno`.
   *
   * Where `signature` is set, the storage makes this and all earlier entries durable and then has `Ledger.persisted(seqno)` called.
   * Where `endOfChunk` is set, the file ends after this entry.
   *
   * @param entry bytes in a buffer of their own, which are not used afterwards
   */
  append(seqno: number, entry: Uint8Array, flags: AppendFlags): void;

  /** Entries `first` to `last`, both included. Rejects if they are not there. */
  read(first: number, last: number): Promise<readonly Uint8Array[]>;
}

export type AppendFlags = { readonly signature: boolean; readonly endOfChunk: boolean };
