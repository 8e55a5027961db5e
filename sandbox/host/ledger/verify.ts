import { verifyLedger, type Verification } from "../../enclave/ledger/verify.js";
import { LedgerDamaged } from "./damaged.js";
import { scanLedger, type ScannedChunk } from "./scan.js";

export type DirectoryVerification = Verification & {
  /** Where the first fault is: the file, and in it the byte. */
  readonly at?: { readonly file: string; readonly byte: number };
  /** What the last file ends with, where its writer was stopped in the middle of an entry; no fault. */
  readonly torn?: string;
};

/**
 * Verifies the ledger in a directory from its first byte and names the first bad one.
 *
 * @param serviceCertificate PEM
 */
export async function verifyDirectory(directory: string, serviceCertificate: string): Promise<DirectoryVerification> {
  let current: ScannedChunk | undefined;
  let damage: LedgerDamaged | undefined;
  async function* entries(): AsyncGenerator<Uint8Array> {
    try {
      for await (const scanned of scanLedger(directory)) {
        current = scanned;
        yield* scanned.entries;
      }
    } catch (error) {
      if (!(error instanceof LedgerDamaged)) throw error;
      damage = error;
    }
  }
  const result = await verifyLedger(entries(), serviceCertificate);
  if (result.fault && current) {
    const frame = current.offsets[result.fault.seqno - current.chunk.first] ?? 0;
    return { ...result, at: { file: current.chunk.path, byte: frame } };
  }
  if (damage) {
    const { seqno, reason, file, offset } = damage;
    return { ...result, fault: { seqno, offset: 0, reason }, at: { file, byte: offset } };
  }
  if (result.signatures === 0) {
    const fault = { seqno: result.unsigned + 1, offset: 0, reason: "the ledger ends here, and holds no signed transaction" };
    return { ...result, fault, ...(current && { at: { file: current.chunk.path, byte: current.offsets.at(-1) ?? 0 } }) };
  }
  return current?.torn === undefined ? result : { ...result, torn: current.torn };
}
