import { ccf } from "@microsoft/ccf-app/global.js";
import { decodeRecurring } from "../encoding/base64.js";
import { ApiError } from "../http/errors.js";
import type { AttestedBody, SignedBody } from "../model/evidence.js";
import { type Claims, claimsOf } from "./claims.js";
import { type Evidence, type Report, verifyEvidence } from "./evidence.js";
import { type Delegate, delegatePolicyOf, mismatch, policyOf } from "./policy.js";
import { binds } from "./reportData.js";

/** Who asks: a clean room of the contract. */
export type CleanRoom = {
  readonly contractId: string;
  /** PEM, as the evidence binds it. */
  readonly publicKey: string;
  readonly claims: Claims;
};

export type Terms = {
  /** Whose public key the evidence must bind; that of `encrypt` unless said. */
  readonly key?: "encrypt" | "sign";
  /** A purpose for which the clean rooms of the contract may have let in others. */
  readonly delegate?: Delegate;
};

const PEM = "-----BEGIN PUBLIC KEY-----";

/** @throws ApiError AttestationMissing */
function evidenceOf({ attestation }: AttestedBody): Evidence {
  if (!attestation) throw new ApiError("AttestationMissing");
  return typeof attestation === "string" ? {} : attestation;
}

/** @throws ApiError UnsupportedPlatform, VerifySnpAttestationFailed */
function verifiedFor(contractId: string, { platform }: AttestedBody, evidence: Evidence, delegate?: Delegate): Report {
  if (platform && platform !== "snp-caci") throw new ApiError("UnsupportedPlatform");
  const policy = policyOf(contractId);
  const report = verifyEvidence(evidence);
  const claims = claimsOf(report);
  const problem = mismatch(policy, claims);
  if (problem === undefined) return report;
  const delegated = delegate && delegatePolicyOf(contractId, delegate);
  if (delegated && mismatch(delegated, claims) === undefined) return report;
  throw new ApiError("VerifySnpAttestationFailed", `The clean room does not meet the policy: ${problem}.`);
}

/**
 * Finds out whether a clean room of the contract asks, by evidence alone: for questions whose answers anyone may overhear. Evidence is no
 * secret, so whoever has seen it may repeat it.
 *
 * @throws ApiError AttestationMissing, UnsupportedPlatform, VerifySnpAttestationFailed
 */
export function requireEvidence(contractId: string, body: AttestedBody): Claims {
  return claimsOf(verifiedFor(contractId, body, evidenceOf(body)));
}

/**
 * Finds out whether a clean room of the contract asks, and which public key is its own: what is encrypted with that key, or was signed with
 * its other half, concerns the clean room alone, whoever has sent the request.
 *
 * Evidence has no date: it is as good as its key for as long as the policy stands.
 *
 * @throws ApiError AttestationMissing, EncryptionMissing (SignatureMissing), UnsupportedPlatform, VerifySnpAttestationFailed, ReportDataMismatch
 */
export function requireCleanRoom(contractId: string, body: SignedBody, { key = "encrypt", delegate }: Terms = {}): CleanRoom {
  const evidence = evidenceOf(body);
  const given = body[key];
  const base64 = typeof given === "string" ? given : given?.publicKey;
  if (!base64) throw new ApiError(key === "encrypt" ? "EncryptionMissing" : "SignatureMissing");
  const report = verifiedFor(contractId, body, evidence, delegate);
  return { contractId, publicKey: boundKey(report, base64), claims: claimsOf(report) };
}

/** @throws ApiError ReportDataMismatch */
function boundKey({ attestation }: Report, base64: string): string {
  const bytes = decodeRecurring(base64);
  if (!bytes || !binds(attestation.report_data, base64, bytes)) throw new ApiError("ReportDataMismatch");
  const pem = ccf.bufToStr(bytes);
  // CCF would also take a certificate, and then verify by another algorithm.
  if (!pem.startsWith(PEM)) throw new ApiError("ReportDataMismatch", `The evidence binds a text that is no public key PEM ("${PEM}").`);
  return pem;
}
