import { readAccepted } from "../agreement/read.js";
import { requireCleanRoom } from "../attestation/attested.js";
import { requireConsent } from "../consent/state.js";
import { handler } from "../http/handler.js";
import { AttestedBody } from "../model/evidence.js";
import { ContractDocumentPath } from "../model/document.js";
import { Released } from "../model/release.js";
import { wrapped } from "../release/wrap.js";
import { DOCUMENTS, requireDocumentOf } from "./agreement.js";

/**
 * POST /contracts/{contractId}/acceptedDocuments/{documentId} and /contracts/{contractId}/memberdocuments/accepted/{documentId}: gives an
 * accepted document to the clean room of its contract, as JSON of what members read, encrypted with the key that the evidence binds.
 *
 * @throws AttestationMissing (400), EncryptionMissing (400), UnsupportedPlatform (400), VerifySnpAttestationFailed (400),
 * ReportDataMismatch (400), ContractDisabled (403), ViewNotKnown (503), DocumentNotFound (404), ContractIdMismatch (400)
 */
export const releaseDocument = handler(
  { params: ContractDocumentPath, body: AttestedBody, returns: Released, callers: ["no_auth"] },
  ({ params: { contractId, documentId }, body }) => {
    const room = requireCleanRoom(contractId, body);
    requireConsent(contractId);
    return wrapped(room, JSON.stringify(requireDocumentOf(contractId, readAccepted(DOCUMENTS, documentId))));
  },
);
