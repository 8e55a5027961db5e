import { open } from "node:fs/promises";
import { readFrame } from "./frame.js";
import type { Extent } from "./index.js";

/**
 * Reads runs of entries, each run at one go; the entries are views of one buffer.
 *
 * @throws Error where a file is shorter than it was, or an entry is not what was written
 */
export async function readExtents(extents: readonly Extent[]): Promise<Uint8Array[]> {
  const bytes = Buffer.allocUnsafeSlow(extents.reduce((sum, { start, end }) => sum + end - start, 0));
  const entries: Uint8Array[] = [];
  let at = 0;
  for (const { path, start, end, count } of extents) {
    const part = bytes.subarray(at, (at += end - start));
    await readExactly(path, start, part);
    for (let i = 0, offset = 0; i < count; i++) {
      const frame = readFrame(part, offset);
      if (frame.kind !== "entry") throw new Error(`${path}: the entry at byte ${start + offset} is no longer intact`);
      entries.push(frame.entry);
      offset = frame.end;
    }
  }
  return entries;
}

async function readExactly(path: string, position: number, into: Uint8Array): Promise<void> {
  const handle = await open(path, "r");
  try {
    for (let done = 0; done < into.length;) {
      const { bytesRead } = await handle.read(into, done, into.length - done, position + done);
      if (bytesRead === 0) throw new Error(`${path} ends at byte ${position + done}`);
      done += bytesRead;
    }
  } finally {
    await handle.close();
  }
}
