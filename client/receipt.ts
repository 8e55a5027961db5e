import { createHash, verify, X509Certificate } from "node:crypto";
import { Refusal } from "./errors.js";
import { getPast } from "./historical.js";
import type { Session } from "./session.js";

/** Proof that a transaction is in the ledger of a service (CCF documentation, "Receipts"). Digests are SHA-256, in hex. */
export type Receipt = {
  /** PEM of the node that signed. */
  readonly cert: string;
  /** Digest of the node's public key. */
  readonly node_id: string;
  readonly leaf_components?: {
    /** Of what the transaction wrote, as it is in the ledger. */
    readonly write_set_digest: string;
    /** `ce:VIEW.SEQNO:...` */
    readonly commit_evidence: string;
    readonly claims_digest: string;
  };
  /** From the leaf up. */
  readonly proof: readonly ({ readonly left: string } | { readonly right: string })[];
  /** base64 of the DER of an ECDSA signature over the root. */
  readonly signature: string;
  /** PEM, where the service got another identity since: each certificate is endorsed by the next, the last one by the present identity. */
  readonly service_endorsements?: readonly string[];
};

/** @param transactionId `view.seqno` @throws ServiceError TransactionInvalid, TransactionPendingOrUnknown (404) */
export function getReceipt({ transport }: Session, transactionId: string): Promise<Receipt> {
  return getPast(transport, `/app/receipt?transaction_id=${encodeURIComponent(transactionId)}`);
}

/**
 * Verifies a receipt, with nothing but the certificate of the service: the leaf is that of the transaction, the proof leads from it to a
 * root, a node has signed the root, and the service has endorsed the node.
 *
 * @param serviceCertificate PEM
 * @returns the digest of what the transaction wrote, hex
 * @throws Refusal ReceiptInvalid
 */
export function verifyReceipt(receipt: Receipt, transactionId: string, serviceCertificate: string): string {
  const fail = (reason: string): never => {
    throw new Refusal("ReceiptInvalid", `the receipt of transaction ${transactionId} does not verify: ${reason}`);
  };
  const { leaf_components: leaf, proof, cert, node_id, signature } = receipt;
  if (!leaf) return fail("it is of a signature, which has no content");
  if (!leaf.commit_evidence.startsWith(`ce:${transactionId}:`)) return fail("it is of another transaction");

  // A root is the digest of its two children, and a leaf of its components: a signature over these with SHA-256 is one over the root.
  let preimage = Buffer.concat([digest(leaf.write_set_digest), sha256(Buffer.from(leaf.commit_evidence)), digest(leaf.claims_digest)]);
  for (const step of proof) {
    const below = sha256(preimage);
    preimage = "left" in step ? Buffer.concat([digest(step.left), below]) : Buffer.concat([below, digest(step.right)]);
  }

  const node = certificate(cert);
  const nodeKey = node.publicKey.export({ type: "spki", format: "der" });
  if (sha256(nodeKey).toString("hex") !== node_id) return fail("the certificate is of another node");
  if (!verify("sha256", preimage, node.publicKey, Buffer.from(signature, "base64"))) return fail("the node has not signed this root");
  let endorsed = node;
  for (const endorser of [...(receipt.service_endorsements ?? []), serviceCertificate].map(certificate)) {
    if (!endorsed.checkIssued(endorser) || !endorsed.verify(endorser.publicKey)) return fail("the service has not endorsed the node");
    endorsed = endorser;
  }
  return leaf.write_set_digest;

  function certificate(pem: string): X509Certificate {
    try {
      return new X509Certificate(pem);
    } catch {
      return fail("a certificate cannot be read");
    }
  }

  function digest(hex: string): Buffer {
    return /^[0-9a-f]{64}$/.test(hex) ? Buffer.from(hex, "hex") : fail("a digest is not 64 hex digits");
  }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
