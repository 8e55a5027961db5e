import { createHash, X509Certificate } from "node:crypto";
import { p384 } from "@noble/curves/nist.js";

/*
 * Verification of receipts as somebody else would write it from the documentation: nothing of the product is used,
 * and the signature is checked by another implementation of ECDSA.
 */

type Receipt = {
  cert: string;
  node_id: string;
  signature: string;
  proof?: readonly unknown[];
  leaf?: string;
  root_hex?: string;
  leaf_components?: { write_set_digest: string; commit_evidence: string; claims_digest: string };
};

const sha256 = (...parts: (Uint8Array | string)[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const hex = (text: string): Buffer => Buffer.from(text, "hex");

export function leafOf({ leaf_components: parts, leaf, root_hex }: Receipt): Buffer {
  if (!parts) return hex(leaf ?? root_hex ?? "");
  return sha256(hex(parts.write_set_digest), sha256(parts.commit_evidence), hex(parts.claims_digest));
}

export function receiptVerifies(receipt: Receipt, servicePem: string): boolean {
  let root = leafOf(receipt);
  for (const step of (receipt.proof ?? []) as { left?: string; right?: string }[]) {
    root = step.left === undefined ? sha256(root, hex(step.right ?? "")) : sha256(hex(step.left), root);
  }
  const certificate = new X509Certificate(receipt.cert);
  const spki = certificate.publicKey.export({ type: "spki", format: "der" });
  if (sha256(spki).toString("hex") !== receipt.node_id) return false;
  if (!certificate.verify(new X509Certificate(servicePem).publicKey)) return false;
  const jwk = certificate.publicKey.export({ format: "jwk" });
  const point = Buffer.concat([Uint8Array.of(4), Buffer.from(jwk.x ?? "", "base64url"), Buffer.from(jwk.y ?? "", "base64url")]);
  return p384.verify(Buffer.from(receipt.signature, "base64"), root, point, { prehash: false, lowS: false, format: "der" });
}
