import { X509Certificate } from "node:crypto";
import { Chain } from "./chain.js";
import { LedgerCorrupt } from "./corrupt.js";

export type Verification = {
  /** Transactions that a good signature covers, the signatures among them. */
  readonly signed: number;
  readonly signatures: number;
  /** The views that transactions were found in. */
  readonly views: number;
  /** Good entries after the last signature. */
  readonly unsigned: number;
  /** The first fault; what follows it was not looked at. */
  readonly fault?: { readonly seqno: number; readonly offset: number; readonly reason: string };
};

/**
 * Verifies a ledger from its first entry: form, order, views, every root, every certificate and the ECDSA of every signature.
 * Needs no secret; private writes stay sealed, but are covered by the roots.
 *
 * @param serviceCertificate PEM
 * @throws whatever `entries` throws
 */
export async function verifyLedger(
  entries: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  serviceCertificate: string,
): Promise<Verification> {
  const chain = new Chain(new X509Certificate(serviceCertificate).publicKey);
  let signed = 0;
  let signatures = 0;
  const views = new Set<number>();
  try {
    for await (const bytes of entries) {
      const { entry, signature } = chain.accept(bytes);
      views.add(entry.view);
      if (!signature) continue;
      chain.verify(signature);
      signed = entry.seqno;
      signatures++;
    }
  } catch (error) {
    if (!(error instanceof LedgerCorrupt)) throw error;
    const { seqno = chain.seqno + 1, offset, reason } = error;
    return { signed, signatures, views: views.size, unsigned: seqno - 1 - signed, fault: { seqno, offset, reason } };
  }
  return { signed, signatures, views: views.size, unsigned: chain.seqno - signed };
}
