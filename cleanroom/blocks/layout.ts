/*
 * A file as the sidecars of the public clean room mount it: blocks of one size, each `nonce ‖ ciphertext ‖ tag` by AES-256-GCM without
 * additional data, the last one filled up with zeros, then the number of those zeros, unsigned, big-endian. An empty file has no blocks.
 */

/** AES-256 */
export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;
export const TRAILER_BYTES = 8;

const MIB = 1024 * 1024;

/** Of plaintext in a block; what the sidecars take. */
export const DEFAULT_BLOCK_BYTES = 4 * MIB;
/** A block is held in memory while it is decrypted. */
export const MAX_BLOCK_BYTES = 64 * MIB;

/** Bytes of a file that has so many bytes of plaintext. */
export function storedBytes(plainBytes: number, blockBytes: number): number {
  return Math.ceil(plainBytes / blockBytes) * storedBlockBytes(blockBytes) + TRAILER_BYTES;
}

/** Blocks of a file, or undefined where no file of this block size has so many bytes. */
export function blocksIn(fileBytes: number, blockBytes: number): number | undefined {
  const blocks = (fileBytes - TRAILER_BYTES) / storedBlockBytes(blockBytes);
  return Number.isInteger(blocks) && blocks >= 0 ? blocks : undefined;
}

function storedBlockBytes(blockBytes: number): number {
  return NONCE_BYTES + blockBytes + TAG_BYTES;
}
