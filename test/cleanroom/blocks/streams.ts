import type { Bytes } from "../../../cleanroom/blocks/encrypt.js";

/** A stream in chunks of some size. */
export async function* chunks(content: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += size) yield await Promise.resolve(content.subarray(at, at + size));
}

export async function collected(stream: Bytes): Promise<Buffer> {
  const found: Buffer[] = [];
  for await (const chunk of stream) found.push(Buffer.from(chunk));
  return Buffer.concat(found);
}
