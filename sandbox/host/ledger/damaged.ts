/** A ledger directory that cannot be read to its end. */
export class LedgerDamaged extends Error {
  override readonly name = "LedgerDamaged";

  constructor(
    readonly reason: string,
    readonly file: string,
    /** Bytes from the start of the file. */
    readonly offset: number,
    /** Transaction whose entry is the first bad one. */
    readonly seqno: number,
  ) {
    super(`${file}: transaction ${seqno} at byte ${offset}: ${reason}`);
  }
}
