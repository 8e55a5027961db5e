/** Bytes of a ledger that are not what the enclave wrote. */
export class LedgerCorrupt extends Error {
  override readonly name = "LedgerCorrupt";

  constructor(
    readonly reason: string,
    /** Bytes from the start of the transaction's entry. */
    readonly offset: number,
    /** Of the transaction, where it is known. */
    readonly seqno?: number,
  ) {
    super(`${seqno === undefined ? "entry" : `transaction ${seqno}`}: ${reason} (offset ${offset})`);
  }

  /** The same fault, with the transaction that has it. */
  of(seqno: number): LedgerCorrupt {
    return new LedgerCorrupt(this.reason, this.offset, seqno);
  }
}
