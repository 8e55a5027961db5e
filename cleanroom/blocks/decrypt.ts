import { createDecipheriv, createHash, type Hash } from "node:crypto";
import { DataError } from "./dataError.js";
import type { Bytes } from "./encrypt.js";
import type { DataKeys } from "./keys.js";
import { blocksIn, NONCE_BYTES, storedBytes, TAG_BYTES, TRAILER_BYTES } from "./layout.js";
import { Reader } from "./reader.js";
import type { Seal } from "./seal.js";

/** What is stored of a file. */
export type Incoming = {
  /** For messages. */
  readonly name: string;
  readonly stored: Bytes;
  /** Bytes of `stored`. */
  readonly size: number;
  /** Verified already. What the clean room writes has none: then the blocks are checked alone. */
  readonly seal?: Seal | undefined;
};

const PIECE_BYTES = 64 * 1024;

/**
 * Decrypts a stream. Every block has been verified when it is passed on; the file as a whole has been when the stream ends without an
 * error, so what came of it must not be used before.
 *
 * @throws DataError Damaged
 */
export async function* decrypt({ name, stored, size, seal }: Incoming, keys: DataKeys, blockBytes: number): AsyncGenerator<Buffer> {
  const count = blockCount({ name, size, seal }, blockBytes);
  const digest = createHash("sha256");
  const reader = new Reader(stored);
  const block = Buffer.allocUnsafeSlow(count === 0 ? 0 : blockBytes);
  try {
    let last: Buffer | undefined;
    for (let number = 1; number <= count; number++) {
      if (last) yield* copies(last);
      last = await opened(reader, keys.data, block, digest).catch((cause: unknown) => {
        if (!(cause instanceof Unverified)) throw cause;
        const reason = "the key is another one, or bytes are changed or missing";
        throw new DataError("Damaged", `${name}: block ${number} of ${count} does not verify: ${reason}`, { cause });
      });
    }
    const trailer = await reader.exactly(TRAILER_BYTES + 1);
    if (trailer.length !== TRAILER_BYTES) throw new DataError("Damaged", `${name}: does not end where its ${count} blocks do`);
    const end = unpadded(last, trailer.readBigUInt64BE());
    if (!end) throw new DataError("Damaged", `${name}: its last bytes, which say where the content ends, were changed`);
    const plainBytes = Math.max(count - 1, 0) * blockBytes + end.length;
    if (seal && (plainBytes !== seal.size || digest.digest("hex") !== seal.blocks)) {
      throw new DataError(
        "Damaged",
        `${name}: its blocks are not those that were sealed: they come from another file, or in another order`,
      );
    }
    yield* copies(end);
  } finally {
    await reader.close();
  }
}

function blockCount({ name, size, seal }: Omit<Incoming, "stored">, blockBytes: number): number {
  if (seal && storedBytes(seal.size, blockBytes) !== size) {
    const wanted = storedBytes(seal.size, blockBytes);
    throw new DataError("Damaged", `${name}: has ${size} bytes, and ${wanted} were written: something is missing or was added`);
  }
  const count = blocksIn(size, blockBytes);
  if (count !== undefined) return count;
  const reason = "a part is missing, it is not encrypted, or it was with another --block-size";
  throw new DataError("Damaged", `${name}: its ${size} bytes are no whole number of blocks of ${blockBytes} bytes: ${reason}`);
}

class Unverified extends Error {}

/** All blocks are held in the same memory, one after the other; what is passed on is not. */
function* copies(block: Buffer): Generator<Buffer> {
  for (let at = 0; at < block.length; at += PIECE_BYTES) yield Buffer.from(block.subarray(at, at + PIECE_BYTES));
}

/** Fills a block with plaintext, verified. */
async function opened(reader: Reader, key: Uint8Array, block: Buffer, digest: Hash): Promise<Buffer> {
  const nonce = await reader.exactly(NONCE_BYTES);
  if (nonce.length !== NONCE_BYTES) throw new Unverified("no nonce");
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  for (let filled = 0; filled < block.length;) {
    const part = await reader.some(block.length - filled);
    if (part.length === 0) throw new Unverified("cut");
    block.set(decipher.update(part), filled);
    filled += part.length;
  }
  const tag = await reader.exactly(TAG_BYTES);
  if (tag.length !== TAG_BYTES) throw new Unverified("no tag");
  try {
    decipher.setAuthTag(tag);
    decipher.final();
  } catch (cause) {
    throw new Unverified("tag", { cause });
  }
  digest.update(nonce).update(tag);
  return block;
}

/** The last block without its zeros. Nothing protects their number: at least, what it takes away must be zeros. */
function unpadded(last: Buffer | undefined, padding: bigint): Buffer | undefined {
  if (!last) return padding === 0n ? Buffer.alloc(0) : undefined;
  if (padding >= BigInt(last.length)) return undefined;
  const end = last.length - Number(padding);
  return last.subarray(end).equals(Buffer.alloc(Number(padding))) ? last.subarray(0, end) : undefined;
}
