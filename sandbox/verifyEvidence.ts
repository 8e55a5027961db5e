import type { Report } from "./enclave/snp/report.js";
import type { ExtraRoot } from "./enclave/snp/trust.js";

export type { ExtraRoot } from "./enclave/snp/trust.js";

/** Bytes as they come from the processor and its sidecar. */
export type EvidenceBytes = {
  /** SEV-SNP report. */
  readonly report: Uint8Array;
  /** PEM: VCEK, ASK, ARK. */
  readonly endorsements: Uint8Array;
  /** COSE_Sign1; what they say is left out where there are none. */
  readonly uvmEndorsements?: Uint8Array | undefined;
};

export type VerifiedEvidence = {
  /** The names of the fields are those of CCF. */
  readonly attestation: Report;
  readonly uvm_endorsements?: { readonly did: string; readonly feed: string; readonly svn: string };
};

/**
 * Verifies evidence as a service does, without one.
 *
 * @param extraRoots trusted besides AMD and Microsoft: those of virtual TEEs
 * @throws RangeError with what does not hold
 */
export async function verifyEvidence(evidence: EvidenceBytes, extraRoots: readonly ExtraRoot[] = []): Promise<VerifiedEvidence> {
  const { snpVerifier } = await import("./enclave/snp/verify.js"); // with the parsers of certificates that nobody else needs
  const { report, endorsements, uvmEndorsements } = evidence;
  return snpVerifier({ extraRoots })(report, endorsements, uvmEndorsements, undefined) as VerifiedEvidence;
}
