/** What the messages here are made of. A Map keeps its order. */
export type Cbor = null | boolean | number | bigint | string | Uint8Array | readonly Cbor[] | ReadonlyMap<Cbor, Cbor> | Tagged;

export class Tagged {
  constructor(
    readonly tag: number,
    readonly value: Cbor,
  ) {}
}

/** Encodes a value (RFC 8949), of its own so that no encoder of the service under test is trusted; also what no sound encoder would write. */
export function cbor(value: Cbor): Buffer {
  if (value === null) return Buffer.of(0xf6);
  if (typeof value === "boolean") return Buffer.of(value ? 0xf5 : 0xf4);
  if (typeof value === "number" || typeof value === "bigint") {
    const n = BigInt(value);
    return n < 0n ? head(1, -1n - n) : head(0, n);
  }
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (value instanceof Tagged) return Buffer.concat([head(6, value.tag), cbor(value.value)]);
  if (isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  return Buffer.concat([head(5, value.size), ...[...value].flat().map(cbor)]);
}

// Array.isArray does not tell readonly arrays from the rest.
const isArray = (value: readonly Cbor[] | ReadonlyMap<Cbor, Cbor>): value is readonly Cbor[] => Array.isArray(value);

/** Major type and argument, in as few bytes as it takes. */
function head(major: number, argument: number | bigint): Buffer {
  const n = BigInt(argument);
  const type = major << 5;
  if (n < 24n) return Buffer.of(type | Number(n));
  const width = [1, 2, 4, 8].find((bytes) => n < 1n << BigInt(8 * bytes)) ?? 8;
  const digits = n.toString(16).padStart(2 * width, "0");
  return Buffer.concat([Buffer.of(type | (24 + Math.log2(width))), Buffer.from(digits, "hex")]);
}
