import type { ScriptReceipt } from "../js/host.js";
import type { LedgerSecret } from "../identity/secrets.js";
import { claimsDigestOf, commitEvidence, type Entry } from "./entry.js";
import type { MerkleTree } from "./merkle.js";
import { sha256 } from "./sha256.js";
import type { SignatureRecord } from "./signature.js";

type LeafComponents = {
  /** Hexadecimal SHA-256 of the entry. */
  readonly write_set_digest: string;
  readonly commit_evidence: string;
  /** Hexadecimal; zeros where the application set none. */
  readonly claims_digest: string;
};

type Step = { readonly left: string } | { readonly right: string };

/** `GET /receipt`. A signature transaction's leaf is the root that it signs. */
export type Receipt = {
  /** PEM. */
  readonly cert: string;
  readonly node_id: string;
  /** From the leaf up; hexadecimal. */
  readonly proof: readonly Step[];
  /** base64 of the DER of an ECDSA signature over the root, which is not hashed again. */
  readonly signature: string;
} & ({ readonly leaf_components: LeafComponents } | { readonly leaf: string });

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Receipt for a transaction below the signature. */
export function proofReceipt(entry: Entry, secret: LedgerSecret, tree: MerkleTree, signature: SignatureRecord): ScriptReceipt {
  return {
    ...signed(signature),
    is_signature_transaction: false,
    leaf_components: {
      write_set_digest: hex(sha256(entry.bytes)),
      commit_evidence: commitEvidence(entry, secret),
      claims_digest: hex(claimsDigestOf(entry)),
    },
    proof: tree
      .proof(entry.seqno, signature.seqno)
      .map(({ side, digest }) => (side === "left" ? { left: hex(digest) } : { right: hex(digest) })),
  };
}

/** Receipt for the signature transaction itself. */
export const signatureReceipt = (signature: SignatureRecord): ScriptReceipt => ({
  ...signed(signature),
  is_signature_transaction: true,
  root_hex: signature.root,
});

const signed = ({ sig, cert, node }: SignatureRecord) => ({ signature: sig, cert, node_id: node });

/** The same receipt as `GET /receipt` answers it. */
export function httpReceipt({ signature, cert, node_id, leaf_components, proof, root_hex }: ScriptReceipt): Receipt {
  const leaf = leaf_components ? { leaf_components } : { leaf: root_hex ?? "" };
  return { cert, ...leaf, node_id, proof: proof ?? [], signature };
}
