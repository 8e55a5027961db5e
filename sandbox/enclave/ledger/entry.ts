import { isPublic } from "../kv/names.js";
import type { WriteSet } from "../kv/transaction.js";
import type { LedgerSecret } from "../identity/secrets.js";
import { LedgerCorrupt } from "./corrupt.js";
import { Reader } from "./reader.js";
import { DIGEST_BYTES, sha256 } from "./sha256.js";
import { decodeWrites, encodeWrites } from "./writes.js";

/*
 * One transaction in the ledger. Integers are big-endian.
 *
 *   u8 format (1), u8 flags, u32 view, u48 seqno,
 *   32 bytes SHA-256 of the commit evidence, [32 bytes claims digest,]
 *   u32 length of the public writes, public writes, [private writes, sealed under the ledger secret]
 *
 * The sealed part authenticates all that precedes it. The evidence itself is not here: whoever shows it has it from the enclave.
 */

const FORMAT = 1;
const HAS_CLAIMS = 1;
const HAS_PRIVATE = 2;
const HEADER_BYTES = 12;

export type TransactionId = { readonly view: number; readonly seqno: number };

export type Entry = TransactionId & {
  readonly commitEvidenceDigest: Uint8Array;
  /** 32 bytes; undefined where the application set none. */
  readonly claimsDigest: Uint8Array | undefined;
  /** The whole entry, as it is in the ledger. */
  readonly bytes: Uint8Array;
  /** Where the public writes begin and end in `bytes`; sealed writes, if any, follow. */
  readonly publicFrom: number;
  readonly publicTo: number;
};

/** `ce:<view>.<seqno>:<nonce>`; it can be told by whoever has the ledger secret only. */
export const commitEvidence = ({ view, seqno }: TransactionId, secret: LedgerSecret): string =>
  `ce:${view}.${seqno}:${secret.commitNonce(`${view}.${seqno}`)}`;

/** The entry's bytes are in a buffer of their own, so that they can be handed to another thread. */
export function encodeEntry(id: TransactionId, writes: WriteSet, claimsDigest: Uint8Array | undefined, secret: LedgerSecret): Entry {
  const tables = [...writes];
  const publicWrites = encodeWrites(tables.filter(([name]) => isPublic(name)));
  const hidden = tables.filter(([name]) => !isPublic(name));
  const privateWrites = hidden.length > 0 ? encodeWrites(hidden) : undefined;
  const commitEvidenceDigest = sha256(Buffer.from(commitEvidence(id, secret)));

  const head = HEADER_BYTES + DIGEST_BYTES + (claimsDigest ? DIGEST_BYTES : 0) + 4;
  const publicTo = head + publicWrites.length;
  const bytes = Buffer.allocUnsafeSlow(publicTo + (privateWrites ? privateWrites.length + secret.overheadBytes : 0));
  bytes[0] = FORMAT;
  bytes[1] = (claimsDigest ? HAS_CLAIMS : 0) | (privateWrites ? HAS_PRIVATE : 0);
  bytes.writeUInt32BE(id.view, 2);
  bytes.writeUIntBE(id.seqno, 6, 6);
  bytes.set(commitEvidenceDigest, HEADER_BYTES);
  if (claimsDigest) bytes.set(claimsDigest, HEADER_BYTES + DIGEST_BYTES);
  bytes.writeUInt32BE(publicWrites.length, head - 4);
  bytes.set(publicWrites, head);
  if (privateWrites) bytes.set(secret.seal(privateWrites, bytes.subarray(0, publicTo)), publicTo);
  return { ...id, commitEvidenceDigest, claimsDigest, bytes, publicFrom: head, publicTo };
}

/**
 * Reads all but the writes, which `publicWrites` and `privateWrites` decode.
 *
 * @throws LedgerCorrupt
 */
export function decodeEntry(bytes: Uint8Array): Entry {
  const reader = new Reader(bytes);
  const format = reader.u8();
  if (format !== FORMAT) throw new LedgerCorrupt(`format ${format} is not known`, 0);
  const flags = reader.u8();
  if ((flags & ~(HAS_CLAIMS | HAS_PRIVATE)) !== 0) throw new LedgerCorrupt(`flags ${flags} are not known`, 1);
  const view = reader.u32();
  const seqno = reader.u48();
  const commitEvidenceDigest = reader.bytes(DIGEST_BYTES);
  const claimsDigest = (flags & HAS_CLAIMS) === 0 ? undefined : reader.bytes(DIGEST_BYTES);
  const length = reader.u32();
  const publicFrom = reader.offset;
  reader.bytes(length);
  const sealed = (flags & HAS_PRIVATE) !== 0;
  if (sealed && reader.left === 0) throw reader.corrupt("the private writes are missing");
  if (!sealed && reader.left > 0) throw reader.corrupt(`${reader.left} bytes follow the public writes`);
  return { view, seqno, commitEvidenceDigest, claimsDigest, bytes, publicFrom, publicTo: publicFrom + length };
}

/** @throws LedgerCorrupt */
export const publicWrites = (entry: Entry): WriteSet =>
  decodeWrites(new Reader(entry.bytes.subarray(entry.publicFrom, entry.publicTo), entry.publicFrom), "public");

/** Bytes of the sealed private writes; 0 if there are none. */
export const sealedBytes = (entry: Entry): number => entry.bytes.length - entry.publicTo;

/** @throws LedgerCorrupt also where the writes were not sealed under `secret` or something in the entry was changed */
export function privateWrites(entry: Entry, secret: LedgerSecret): WriteSet {
  if (sealedBytes(entry) === 0) return new Map();
  const plain = secret.open(entry.bytes.subarray(entry.publicTo), entry.bytes.subarray(0, entry.publicTo));
  if (!plain) throw new LedgerCorrupt("the private writes do not decrypt", entry.publicTo, entry.seqno);
  try {
    return decodeWrites(new Reader(plain, entry.publicTo), "private");
  } catch (error) {
    if (error instanceof LedgerCorrupt) throw error.of(entry.seqno);
    throw error;
  }
}

const NO_CLAIMS = new Uint8Array(DIGEST_BYTES);

export const claimsDigestOf = (entry: Entry): Uint8Array => entry.claimsDigest ?? NO_CLAIMS;

/** Leaf of the Merkle tree: SHA-256(SHA-256(entry) || SHA-256(commit evidence) || claims digest). */
export const leafOf = (entry: Entry): Buffer =>
  sha256(Buffer.concat([sha256(entry.bytes), entry.commitEvidenceDigest, claimsDigestOf(entry)], 3 * DIGEST_BYTES));
