import { KJUR } from "jsrsasign";

/** A value of ASN.1, as jsrsasign writes it down. Bytes are hexadecimal. */
export type Asn1 =
  | { readonly seq: readonly Asn1[] }
  | { readonly set: readonly Asn1[] }
  | { readonly bool: true }
  /** A number, or the contents of an INTEGER. */
  | { readonly int: number | { readonly hex: string } }
  /** Dotted numbers. */
  | { readonly oid: string }
  | { readonly null: "" }
  | { readonly octstr: { readonly hex: string } }
  /** Bits as text of 0 and 1, without zeros at the end; or bytes, the first of which counts the unused bits. */
  | { readonly bitstr: { readonly bin: string } | { readonly hex: string } }
  | { readonly utf8str: { readonly str: string } }
  | { readonly prnstr: { readonly str: string } }
  | { readonly ia5str: { readonly str: string } }
  | { readonly utctime: { readonly str: string } }
  | { readonly gentime: { readonly str: string } }
  /** Tag in hexadecimal, and whether it stands before the tag of the value or instead of it. */
  | { readonly tag: readonly [tag: string, explicit: boolean, value: Asn1] }
  /** Encoded already. */
  | { readonly asn1: { readonly tlv: string } };

/** The one of its functions that is needed: the published types are those of another version. */
const { newObject } = KJUR.asn1.ASN1Util as unknown as { readonly newObject: (value: Asn1) => { tohex(): string } };

/** The DER of a value, in hexadecimal. */
export const der = (value: Asn1): string => newObject(value).tohex();
