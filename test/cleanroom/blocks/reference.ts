import { createDecipheriv } from "node:crypto";

/** Reads the block format by its description alone; shares nothing with the product. @throws when a tag does not verify */
export function decoded(file: Buffer, key: Uint8Array, blockBytes: number): Buffer {
  const plain: Buffer[] = [];
  for (let at = 0; at < file.length - 8; at += blockBytes + 28) {
    const decipher = createDecipheriv("aes-256-gcm", key, file.subarray(at, at + 12));
    decipher.setAuthTag(file.subarray(at + 12 + blockBytes, at + 28 + blockBytes));
    plain.push(decipher.update(file.subarray(at + 12, at + 12 + blockBytes)), decipher.final());
  }
  const whole = Buffer.concat(plain);
  return whole.subarray(0, whole.length - Number(file.readBigUInt64BE(file.length - 8)));
}
