import { snp_attestation, type SnpAttestationResult } from "@microsoft/ccf-app/global.js";
import { decodeRecurring } from "../encoding/base64.js";
import { ApiError } from "../http/errors.js";
import type { AttestedBody } from "../model/evidence.js";
import { platformChain } from "./endorsements.js";

export type Evidence = Exclude<NonNullable<AttestedBody["attestation"]>, string>;
/** What genuine evidence says. */
export type Report = SnpAttestationResult;

/** Characters. */
const MAX_REASON = 500;

const failed = (message: string) => new ApiError("VerifySnpAttestationFailed", message);

const decoded = <T>(field: keyof Evidence, bytes: T | undefined, what = "base64"): T => {
  if (bytes === undefined) throw failed(`attestation.${field} is not ${what}.`);
  return bytes;
};

/**
 * Verifies evidence by its platform: that the processor is genuine, that it signed the report, and, where endorsements of the utility VM are
 * there, that its publisher endorses what was launched.
 *
 * @throws ApiError VerifySnpAttestationFailed
 */
export function verifyEvidence({ evidence, endorsements, uvm_endorsements, endorsed_tcb }: Evidence): Report {
  if (typeof evidence !== "string") throw failed("attestation.evidence is missing: send the base64 of the attestation report.");
  if (!endorsements) throw failed("attestation.endorsements is missing: send the base64 of the PEM chain VCEK, ASK, ARK.");
  const report = verified(
    decoded("evidence", decodeRecurring(evidence)),
    decoded("endorsements", platformChain(endorsements), "the base64 of a PEM chain of VCEK, ASK and ARK, each signed by the next"),
    uvm_endorsements ? decoded("uvm_endorsements", decodeRecurring(uvm_endorsements)) : undefined,
    endorsed_tcb ?? undefined,
  );
  requireNoDebugging(report);
  return report;
}

const verified: typeof snp_attestation.verifySnpAttestation = (...parts) => {
  try {
    return snp_attestation.verifySnpAttestation(...parts);
  } catch (error) {
    const reason = (error as Error).message.replace(/:\s*-----BEGIN[^]*/, ""); // the key that should have been another
    throw failed(`The attestation does not verify: ${reason.slice(0, MAX_REASON)}`);
  }
};

/** CCF refuses such reports itself. The host can read the memory of a guest that it may debug. */
export function requireNoDebugging({ attestation }: Pick<Report, "attestation">): void {
  if (attestation.policy.debug !== 0) throw failed("The attestation does not verify: the guest may be debugged.");
}
