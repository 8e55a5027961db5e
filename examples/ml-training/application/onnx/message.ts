import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** A number, or what is delimited by its length: bytes, text, or a message. */
type Value = number | Uint8Array;

/** A protobuf message that somebody else wrote, read by the numbers of its fields. Methods throw RangeError for what is no such message. */
export class Message {
  readonly #fields = new Map<number, Value[]>();

  constructor(bytes: Uint8Array) {
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [field, type] = tagOf(reader);
      const value = valueOf(reader, type, field);
      const others = this.#fields.get(field);
      if (others) others.push(value);
      else this.#fields.set(field, [value]);
    }
  }

  /** All bytes of a repeated field. */
  bytes(field: number): Uint8Array[] {
    return this.#of(field).map((value) => (typeof value === "number" ? wrong(field) : value));
  }

  messages(field: number): Message[] {
    return this.bytes(field).map((bytes) => new Message(bytes));
  }

  texts(field: number): string[] {
    return this.bytes(field).map((bytes) => new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  }

  /** Of a field that is not repeated, the last; empty where there is none. */
  text(field: number): string {
    return this.texts(field).at(-1) ?? "";
  }

  /** The numbers of a field, packed or not. */
  numbers(field: number): number[] {
    return this.#of(field).flatMap((value) => {
      if (typeof value === "number") return [value];
      const reader = new BinaryReader(value);
      const numbers: number[] = [];
      while (reader.pos < reader.len) numbers.push(Number(reader.int64()));
      return numbers;
    });
  }

  /** The 32-bit floating point numbers of a field, packed or not. */
  floats(field: number): number[] {
    return this.#of(field).flatMap((value) => {
      if (typeof value === "number") return [value];
      if (value.length % 4 !== 0) wrong(field);
      const view = new DataView(value.buffer, value.byteOffset, value.length);
      return Array.from({ length: value.length / 4 }, (_, at) => view.getFloat32(4 * at, true));
    });
  }

  /** Of a field that is not repeated, the last. */
  number(field: number): number | undefined {
    return this.numbers(field).at(-1);
  }

  #of(field: number): readonly Value[] {
    return this.#fields.get(field) ?? [];
  }
}

function tagOf(reader: BinaryReader): [number, WireType] {
  try {
    return reader.tag();
  } catch (cause) {
    throw new RangeError("a field has no number", { cause });
  }
}

function valueOf(reader: BinaryReader, type: WireType, field: number): Value {
  try {
    if (type === WireType.Varint) return Number(reader.int64());
    if (type === WireType.LengthDelimited) return reader.bytes();
    if (type === WireType.Bit32) return reader.float();
    if (type === WireType.Bit64) return reader.double();
  } catch (cause) {
    throw new RangeError(`field ${field} is cut short`, { cause });
  }
  return wrong(field);
}

function wrong(field: number): never {
  throw new RangeError(`field ${field} has a wrong type`);
}
