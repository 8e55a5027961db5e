import { requireEvidence } from "../attestation/attested.js";
import { handler } from "../http/handler.js";
import { AttestedBody } from "../model/evidence.js";
import { type CONTRACT_OPTIONS, ContractOptionPath, ContractOptionStatus } from "../model/consent.js";
import { ContractPath } from "../model/contract.js";
import { contractOption, statusOf } from "./options.js";

const question = { body: AttestedBody, returns: ContractOptionStatus } as const;

const consentTo = (option: (typeof CONTRACT_OPTIONS)[number]) =>
  handler({ params: ContractPath, ...question, callers: ["no_auth"] }, ({ params: { contractId }, body }) => {
    requireEvidence(contractId, body);
    return statusOf(contractId, option);
  });

/**
 * POST /contracts/{contractId}/consentcheck/execution: tells a clean room whether it may run.
 *
 * @throws AttestationMissing (400), UnsupportedPlatform (400), VerifySnpAttestationFailed (400)
 */
export const checkExecutionConsent = consentTo("execution");

/**
 * POST /contracts/{contractId}/consentcheck/logging: tells a clean room whether its logs may leave it.
 *
 * @throws AttestationMissing (400), UnsupportedPlatform (400), VerifySnpAttestationFailed (400)
 */
export const checkLoggingConsent = consentTo("logging");

/**
 * POST /contracts/{contractId}/consentcheck/telemetry: tells a clean room whether its telemetry may leave it.
 *
 * @throws AttestationMissing (400), UnsupportedPlatform (400), VerifySnpAttestationFailed (400)
 */
export const checkTelemetryConsent = consentTo("telemetry");

/**
 * POST /contracts/{contractId}/runtimeoptions/{option}/status: the newer spelling of `checkstatus` for callers with a certificate, and of
 * `consentcheck` for clean rooms. Who has neither certificate nor body, or sends a token, is told that he is not known.
 *
 * @throws InvalidAuthenticationInfo (401), AttestationMissing (400), UnsupportedPlatform (400), VerifySnpAttestationFailed (400),
 * InvalidOption (400)
 */
export const checkOption = handler(
  { params: ContractOptionPath, ...question, certificateOrBody: true, callers: ["member_cert", "user_cert", "no_auth"] },
  ({ params: { contractId, option }, body, caller }) => {
    if (caller.policy === "no_auth") requireEvidence(contractId, body);
    return statusOf(contractId, contractOption(option));
  },
);
