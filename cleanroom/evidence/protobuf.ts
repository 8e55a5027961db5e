/** Wire type of bytes, texts and messages (protobuf encoding, "Length-delimited records"). */
const LENGTH_DELIMITED = 2;

/** A message with one field of bytes. @param field 1 to 15 */
export function bytesField(field: number, value: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | LENGTH_DELIMITED]), varint(value.length), value]);
}

/** The fields of a message that has fields of bytes only; of repeated ones the last. @throws RangeError for anything else */
export function bytesFields(message: Buffer): ReadonlyMap<number, Buffer> {
  const fields = new Map<number, Buffer>();
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = message.readUInt8(at++);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError("a number is too long");
  };
  while (at < message.length) {
    const tag = number();
    if ((tag & 7) !== LENGTH_DELIMITED) throw new RangeError(`field ${tag >>> 3} is not of bytes`);
    const end = number() + at;
    if (end > message.length) throw new RangeError(`field ${tag >>> 3} is cut short`);
    fields.set(tag >>> 3, message.subarray(at, end));
    at = end;
  }
  return fields;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}
