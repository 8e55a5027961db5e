/** Decodes `+` and percent-encoding the way CCF does: the text as a whole, invalid escapes left as they are. */
export function decodeQuery(text: string): string {
  const bytes: number[] = [];
  const source = Buffer.from(text, "utf8");
  for (let i = 0; i < source.length; i++) {
    const byte = source[i] ?? 0;
    const hex = source.subarray(i + 1, i + 3).toString("latin1");
    if (byte === 0x25 && /^[0-9a-fA-F]{2}$/.test(hex)) {
      bytes.push(parseInt(hex, 16));
      i += 2;
    } else bytes.push(byte === 0x2b ? 0x20 : byte);
  }
  return Buffer.from(bytes).toString("utf8");
}
