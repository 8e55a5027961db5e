import { createCipheriv, createHash, createHmac, randomBytes, type CipherGCM, type Hash } from "node:crypto";
import type { DataKeys } from "./keys.js";
import { NONCE_BYTES, TRAILER_BYTES } from "./layout.js";
import type { Seal } from "./seal.js";

/** A stream of bytes on its way. Who wants to keep a chunk beyond the next one copies it. */
export type Bytes = AsyncIterable<Uint8Array>;

/** What is to be stored of a file. */
export type Outgoing = {
  readonly stored: Bytes;
  /** Known once `stored` has ended. */
  readonly seal: () => Seal;
};

type Block = { readonly cipher: CipherGCM; readonly nonce: Uint8Array; filled: number };

/** Zeros are encrypted in pieces too. */
const PIECE_BYTES = 64 * 1024;

/** Encrypts a stream in constant memory: every chunk is passed on as soon as it is encrypted. */
export function encrypt(plain: Bytes, keys: DataKeys, blockBytes: number): Outgoing {
  const blocks = createHash("sha256");
  const { content, seen } = observed(plain, keys);
  return {
    stored: encrypted(content, keys.data, blockBytes, blocks),
    seal: once(() => ({ ...seen(), blockBytes, blocks: blocks.digest("hex") })),
  };
}

/** Leaves a stream as it is. */
export function plainly(plain: Bytes, keys: DataKeys): Outgoing {
  const { content, seen } = observed(plain, keys);
  return { stored: content, seal: once(() => ({ ...seen(), blockBytes: 0, blocks: "0".repeat(64) })) };
}

type Observed = { readonly content: Bytes; readonly seen: () => Pick<Seal, "size" | "content"> };

/** Passes a stream on, and knows what it was. */
export function observed(plain: Bytes, keys: DataKeys): Observed {
  const digest = createHmac("sha256", keys.content);
  let size = 0;
  const content = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of plain) {
      digest.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  };
  return { content: content(), seen: once(() => ({ size, content: digest.digest("hex") })) };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

async function* encrypted(plain: Bytes, key: Uint8Array, blockBytes: number, digest: Hash): AsyncGenerator<Uint8Array> {
  let block: Block | undefined;
  for await (const chunk of plain) {
    for (let at = 0; at < chunk.length;) {
      if (!block) {
        block = begin(key);
        yield block.nonce;
      }
      const part = chunk.subarray(at, at + blockBytes - block.filled);
      at += part.length;
      block.filled += part.length;
      yield block.cipher.update(part);
      if (block.filled === blockBytes) {
        yield tagOf(block, digest);
        block = undefined;
      }
    }
  }
  const padding = block ? blockBytes - block.filled : 0;
  if (block) {
    const zeros = Buffer.alloc(Math.min(padding, PIECE_BYTES));
    for (let left = padding; left > 0; left -= zeros.length) yield block.cipher.update(zeros.subarray(0, left));
    yield tagOf(block, digest);
  }
  const trailer = Buffer.alloc(TRAILER_BYTES);
  trailer.writeBigUInt64BE(BigInt(padding));
  yield trailer;
}

function begin(key: Uint8Array): Block {
  const nonce = randomBytes(NONCE_BYTES);
  return { cipher: createCipheriv("aes-256-gcm", key, nonce), nonce, filled: 0 };
}

function tagOf({ cipher, nonce }: Block, digest: Hash): Uint8Array {
  cipher.final();
  const tag = cipher.getAuthTag();
  digest.update(nonce).update(tag);
  return tag;
}
