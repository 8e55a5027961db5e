import { requireEvidence } from "../attestation/attested.js";
import { handler } from "../http/handler.js";
import { AttestedBody } from "../model/evidence.js";
import { CaEnabled } from "../model/ca.js";
import { ContractPath } from "../model/contract.js";
import { isEnabled } from "./state.js";

/**
 * GET /contracts/{contractId}/ca/isEnabled: tells a clean room of the contract whether it may ask for certificates.
 *
 * @throws AttestationMissing (400), UnsupportedPlatform (400), VerifySnpAttestationFailed (400)
 */
export const isCaEnabled = handler(
  { params: ContractPath, body: AttestedBody, returns: CaEnabled, callers: ["no_auth"] },
  ({ params: { contractId }, body }) => {
    requireEvidence(contractId, body);
    return { enabled: isEnabled(contractId) };
  },
);
