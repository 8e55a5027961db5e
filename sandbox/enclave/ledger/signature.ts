import { verify, X509Certificate, type KeyObject } from "node:crypto";
import type { Identity } from "../identity.js";
import { keyOf } from "../kv/table.js";
import type { Transaction, WriteSet } from "../kv/transaction.js";
import type { TransactionId } from "./entry.js";
import type { MerkleTree } from "./merkle.js";
import { sha256 } from "./sha256.js";

const SIGNATURES = "public:ccf.internal.signatures";
const TREE = "public:ccf.internal.tree";
const ROW = new Uint8Array(8);

/** The node's signature over the root of all transactions before `seqno`, as the table of signatures has it. */
export type SignatureRecord = {
  /** Hexadecimal SHA-256 of the node's public key. */
  readonly node: string;
  readonly seqno: number;
  readonly view: number;
  /** Hexadecimal. */
  readonly root: string;
  /** base64 of the DER of an ECDSA signature over the root, which is not hashed again. */
  readonly sig: string;
  /** PEM. */
  readonly cert: string;
  /** The last transaction that was committed when this was signed. */
  readonly commit_seqno: number;
  readonly commit_view: number;
  /** 64 zeros: CCF keeps the field for a consensus that it no longer has. */
  readonly hashed_nonce: string;
};

/**
 * Writes a signature over `tree` as transaction `id`.
 *
 * The root is itself the SHA-256 of its two children, so that signing these with a hash is to sign the root without one.
 */
export function writeSignature(tx: Transaction, id: TransactionId, tree: MerkleTree, identity: Identity, committed: TransactionId): void {
  const record: SignatureRecord = {
    cert: identity.nodeCertificate,
    commit_seqno: committed.seqno,
    commit_view: committed.view,
    hashed_nonce: "0".repeat(64),
    node: identity.nodeId,
    root: Buffer.from(tree.root()).toString("hex"),
    seqno: id.seqno,
    sig: identity.signAsNode(tree.rootPreimage()).toString("base64"),
    view: id.view,
  };
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(tree.size));
  tx.table(SIGNATURES).set(ROW, new Uint8Array(Buffer.from(JSON.stringify(record))));
  tx.table(TREE).set(ROW, new Uint8Array(Buffer.concat([size, ...tree.peaks()])));
}

/** The signature that a transaction writes; undefined if it writes none. @throws Error where it is not of the form above */
export function signatureIn(writes: WriteSet): SignatureRecord | undefined {
  const row = writes.get(SIGNATURES)?.get(keyOf(ROW));
  if (!row) return undefined;
  const record = JSON.parse(Buffer.from(row).toString()) as Partial<Record<keyof SignatureRecord, unknown>>;
  const text = (name: keyof SignatureRecord): string => {
    const value = record[name];
    if (typeof value !== "string") throw new Error(`the signature has no ${name}`);
    return value;
  };
  const number = (name: keyof SignatureRecord): number => {
    const value = record[name];
    if (typeof value !== "number") throw new Error(`the signature has no ${name}`);
    return value;
  };
  return {
    node: text("node"),
    seqno: number("seqno"),
    view: number("view"),
    root: text("root"),
    sig: text("sig"),
    cert: text("cert"),
    commit_seqno: number("commit_seqno"),
    commit_view: number("commit_view"),
    hashed_nonce: text("hashed_nonce"),
  };
}

/**
 * What is wrong with the certificate of a signature: it must name the node by its key, and the service must have issued it.
 * Its validity in time is not looked at: it ends before the ledger does.
 */
export function certificateFault({ cert, node }: SignatureRecord, service: KeyObject): string | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch (error) {
    return `the node's certificate cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  const key = certificate.publicKey.export({ type: "spki", format: "der" });
  if (sha256(key).toString("hex") !== node) return "the node's certificate is for another node";
  if (!certificate.verify(service)) return "the node's certificate is not endorsed by the service";
  return undefined;
}

/** Whether the signature is by the certificate's key over SHA-256(`preimage`). */
export const signatureVerifies = ({ cert, sig }: SignatureRecord, preimage: Uint8Array): boolean =>
  verify("sha256", preimage, new X509Certificate(cert).publicKey, Buffer.from(sig, "base64"));
