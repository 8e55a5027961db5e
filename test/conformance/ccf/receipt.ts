import { createHash, X509Certificate, type JsonWebKey } from "node:crypto";
import { p256, p384 } from "@noble/curves/nist.js";
import { keyIdOf } from "./x509.js";

/** What `/app/receipt` and `/node/receipt` answer. Digests are hexadecimal, the signature is base64. */
export type Receipt = {
  readonly cert: string;
  readonly node_id: string;
  readonly signature: string;
  readonly proof: readonly { readonly left?: string; readonly right?: string }[];
  readonly leaf_components?: {
    readonly write_set_digest: string;
    readonly commit_evidence: string;
    readonly claims_digest?: string | undefined;
  };
  /** In place of its components. */
  readonly leaf?: string;
  /** Of a signature transaction, in place of a leaf. */
  readonly root?: string;
  readonly root_hex?: string;
};

export type ReceiptCheck = {
  readonly ok: boolean;
  readonly problems: readonly string[];
  /** Whether it is the receipt of a signature transaction. */
  readonly isSignature: boolean;
  readonly leaf: string | undefined;
};

/**
 * Verifies a receipt by what CCF documents of it: the leaf is the digest of write set digest, digest of the commit evidence, and claims digest;
 * the proof leads from it to a root; the node's key signed the root; the service endorsed the node's certificate.
 *
 * @param service PEM of the service certificate; without it, the endorsement is not checked
 * @param claims digest of the claims, for a receipt that leaves it to the verifier
 */
export function verifyReceipt(receipt: Receipt, { service, claims }: { service?: string; claims?: Buffer } = {}): ReceiptCheck {
  const leaf = leafOf(receipt, claims);
  const root = leaf ? rootOf(leaf, receipt) : hex(receipt.root ?? receipt.root_hex ?? "");
  const problems: string[] = [];
  if (root.length === 0) problems.push("no leaf and no root");
  try {
    const node = new X509Certificate(receipt.cert);
    const key = node.publicKey.export({ format: "jwk" });
    if (root.length > 0 && !signed(key, root, Buffer.from(receipt.signature, "base64"))) problems.push("signature does not verify");
    if (keyIdOf(receipt.cert) !== receipt.node_id) problems.push("node_id is not the digest of the node's public key");
    if (service !== undefined && !node.verify(new X509Certificate(service).publicKey)) {
      problems.push("node certificate not endorsed by the service");
    }
  } catch (error) {
    problems.push(`cert: ${(error as Error).message}`);
  }
  return { ok: problems.length === 0, problems, isSignature: !leaf, leaf: leaf?.toString("hex") };
}

function leafOf({ leaf_components: parts, leaf }: Receipt, claims: Buffer | undefined): Buffer | undefined {
  if (!parts) return leaf === undefined ? undefined : hex(leaf);
  const claimed = parts.claims_digest === undefined ? claims : hex(parts.claims_digest);
  return sha256(hex(parts.write_set_digest), sha256(Buffer.from(parts.commit_evidence)), claimed ?? Buffer.alloc(0));
}

const rootOf = (leaf: Buffer, { proof }: Receipt): Buffer =>
  proof.reduce((node, { left, right = "" }) => (left === undefined ? sha256(node, hex(right)) : sha256(hex(left), node)), leaf);

/** Whether the key made an ECDSA signature over a digest that is not hashed again, which node:crypto cannot tell. */
function signed({ crv, x = "", y = "" }: JsonWebKey, digest: Buffer, signature: Buffer): boolean {
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
  const curve = crv === "P-256" ? p256 : p384;
  return curve.verify(signature, digest, point, { prehash: false, lowS: false, format: "der" });
}

const hex = (text: string): Buffer => Buffer.from(text, "hex");
const sha256 = (...parts: readonly Uint8Array[]): Buffer => createHash("sha256").update(Buffer.concat(parts)).digest();
