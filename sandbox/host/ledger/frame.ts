import { crc32 } from "node:zlib";

/*
 * An entry in a file: u32 magic, u32 length of the entry, u32 CRC-32 of the entry, u32 CRC-32 of these twelve bytes, entry; big-endian.
 * The second checksum tells a length that was damaged from one whose entry was never written to the end.
 */

const MAGIC = 0x4c_44_47_31;
export const FRAME_HEADER_BYTES = 16;

export function frameHeader(entry: Uint8Array): Buffer {
  const header = Buffer.allocUnsafe(FRAME_HEADER_BYTES);
  header.writeUInt32BE(MAGIC, 0);
  header.writeUInt32BE(entry.length, 4);
  header.writeUInt32BE(crc32(entry), 8);
  header.writeUInt32BE(crc32(header.subarray(0, 12)), 12);
  return header;
}

export type FrameResult =
  | { readonly kind: "entry"; /** A view. */ readonly entry: Uint8Array; readonly end: number }
  /** The bytes end here. */
  | { readonly kind: "end" }
  /** The writer was stopped in the middle of this frame: nothing whole follows it. */
  | { readonly kind: "torn"; readonly reason: string }
  /** The bytes are not what was written. */
  | { readonly kind: "damaged"; readonly reason: string };

const zeros = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0);

/** Reads the frame at `offset`. */
export function readFrame(bytes: Buffer, offset: number): FrameResult {
  const left = bytes.length - offset;
  if (left === 0) return { kind: "end" };
  if (left < FRAME_HEADER_BYTES) return { kind: "torn", reason: `${left} bytes of a frame's header` };
  const header = bytes.subarray(offset, offset + FRAME_HEADER_BYTES);
  if (header.readUInt32BE(0) !== MAGIC || header.readUInt32BE(12) !== crc32(header.subarray(0, 12))) {
    // A file that was made longer before its bytes were written, as some file systems leave it when the power fails.
    if (zeros(bytes.subarray(offset))) return { kind: "torn", reason: `${left} zero bytes` };
    return { kind: "damaged", reason: "the frame's header is not intact" };
  }
  const length = header.readUInt32BE(4);
  const start = offset + FRAME_HEADER_BYTES;
  if (length > bytes.length - start) return { kind: "torn", reason: `${bytes.length - start} of ${length} bytes of an entry` };
  const entry = bytes.subarray(start, start + length);
  if (crc32(entry) !== header.readUInt32BE(8)) return { kind: "damaged", reason: "the entry's checksum does not match" };
  return { kind: "entry", entry, end: start + length };
}
