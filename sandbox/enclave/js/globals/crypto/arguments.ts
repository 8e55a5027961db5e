import { OpaqueValue, type GuestArgument } from "../../values.js";

/*
 * Arguments of `ccf.crypto` functions, converted as JavaScript converts them, refused in the words of CCF and its QuickJS.
 */

/** @throws TypeError unless between `least` and `most` arguments were passed */
export function expectCount(args: readonly GuestArgument[], least: number, most = least): void {
  if (args.length >= least && args.length <= most) return;
  const expected = least === most ? `${least}` : `${least} or ${most}`;
  throw new TypeError(`Passed ${args.length} arguments, but expected ${expected}`);
}

/** The content of an ArrayBuffer. @throws TypeError for anything else, typed arrays included */
export function bytesOf(value: GuestArgument): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new TypeError("ArrayBuffer object expected");
}

/** `String(value)` as the guest would have it. @throws TypeError for a symbol */
export function textOf(value: GuestArgument): string {
  if (typeof value !== "object") return String(value);
  if (value === null) return "null";
  if (isArray(value)) return value.map((item) => (item === null || item === undefined ? "" : textOf(item))).join(",");
  if (value instanceof Uint8Array) return "[object ArrayBuffer]";
  if (value instanceof OpaqueValue && value.type === "symbol") throw new TypeError("cannot convert symbol to string");
  return "[object Object]";
}

/** A 32-bit integer as `value | 0` gives it. @throws TypeError for a bigint */
export function integerOf(value: GuestArgument): number {
  if (typeof value === "bigint") throw new TypeError("cannot convert bigint to number");
  return Number(value === undefined ? undefined : textOf(value)) | 0;
}

/** `value[name]`; undefined for what has no such property. @throws TypeError for null and undefined */
export function propertyOf(value: GuestArgument, name: string): GuestArgument {
  if (value === null || value === undefined) throw new TypeError(`cannot read property '${name}' of ${value}`);
  if (!isRecord(value) || !Object.hasOwn(value, name)) return undefined;
  return value[name];
}

function isRecord(value: GuestArgument): value is Readonly<Record<string, GuestArgument>> {
  const record = typeof value === "object" && value !== null && !isArray(value);
  return record && !(value instanceof Uint8Array) && !(value instanceof OpaqueValue);
}

// Array.isArray does not narrow readonly arrays.
function isArray(value: GuestArgument): value is readonly GuestArgument[] {
  return Array.isArray(value);
}
