import { snpVerifier, type SnpVerifierOptions } from "../../../sandbox/enclave/snp/verify.js";
import type { SnpVerification } from "../../../sandbox/enclave/js/host.js";
import type { Evidence } from "./genuine.js";

export const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));

export type Parts = { evidence: Uint8Array; endorsements: Uint8Array; uvm: Uint8Array | undefined; tcb?: string };

export function partsOf({ evidence, endorsements, uvm_endorsements }: Evidence): Parts {
  return { evidence: fromBase64(evidence), endorsements: fromBase64(endorsements), uvm: fromBase64(uvm_endorsements) };
}

export function verify(parts: Parts, options?: SnpVerifierOptions): SnpVerification {
  return snpVerifier(options)(parts.evidence, parts.endorsements, parts.uvm, parts.tcb);
}

/** The message of the RangeError that verification ends with. */
export function refusal(parts: Parts, options?: SnpVerifierOptions): string {
  try {
    verify(parts, options);
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
  throw new Error("the evidence was accepted");
}

/** A copy with one bit changed. */
export function flip(bytes: Uint8Array, at: number, bit = 1): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ bit;
  return copy;
}

/** The certificates of platform endorsements, one PEM each. */
export function certificates(endorsements: Uint8Array): [vcek: string, ask: string, ark: string] {
  const blocks =
    Buffer.from(endorsements)
      .toString()
      .match(/-----BEGIN[\s\S]*?-----END CERTIFICATE-----\n?/g) ?? [];
  const [vcek, ask, ark] = blocks;
  if (!vcek || !ask || !ark) throw new Error("three certificates expected");
  return [vcek, ask, ark];
}

/** The certificate with the last byte of its signature changed. */
export function withDamagedSignature(pem: string): string {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64");
  const damaged = Buffer.from(flip(der, der.length - 1));
  return `-----BEGIN CERTIFICATE-----\n${(damaged.toString("base64").match(/.{1,64}/g) ?? []).join("\n")}\n-----END CERTIFICATE-----\n`;
}
