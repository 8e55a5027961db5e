import type { AlternativeName } from "./alternativeName.js";
import { type Asn1, der } from "./der.js";

/* Extensions of certificates (RFC 5280, 4.2.1). */

const extension = (oid: string, critical: boolean, value: Asn1): Asn1 => ({
  seq: [{ oid }, ...(critical ? [{ bool: true } as const] : []), { octstr: { hex: der(value) } }],
});

const implicit = (number: number, value: Asn1): Asn1 => ({ tag: [(0x80 + number).toString(16), false, value] });

/** @param pathLength how many CAs may stand between this one and a leaf */
export const basicConstraints = (constraints: "leaf" | { readonly pathLength: number }): Asn1 =>
  extension("2.5.29.19", true, { seq: constraints === "leaf" ? [] : [{ bool: true }, { int: constraints.pathLength }] });

/** Bits from the first of the standard's list on; the last is a one. */
const KEY_USES = { digitalSignature: "1", digitalSignatureAndKeyEncipherment: "101", keyCertSignAndCrlSign: "0000011" } as const;

export const keyUsage = (use: keyof typeof KEY_USES): Asn1 => extension("2.5.29.15", true, { bitstr: { bin: KEY_USES[use] } });

export const serverAndClientOfTls = (): Asn1 =>
  extension("2.5.29.37", false, { seq: [{ oid: "1.3.6.1.5.5.7.3.1" }, { oid: "1.3.6.1.5.5.7.3.2" }] });

/** @param identifier hexadecimal, as all identifiers */
export const subjectKeyIdentifier = (identifier: string): Asn1 => extension("2.5.29.14", false, { octstr: { hex: identifier } });

export const authorityKeyIdentifier = (identifier: string): Asn1 =>
  extension("2.5.29.35", false, { seq: [implicit(0, { octstr: { hex: identifier } })] });

export const subjectAlternativeNames = (names: readonly AlternativeName[]): Asn1 =>
  extension("2.5.29.17", false, {
    seq: names.map((name) => ("dns" in name ? implicit(2, { ia5str: { str: name.dns } }) : implicit(7, { octstr: { hex: name.ip } }))),
  });
