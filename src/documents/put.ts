import { writeDraft } from "../agreement/write.js";
import { requireContract } from "../contracts/agreement.js";
import { ApiError } from "../http/errors.js";
import { handler } from "../http/handler.js";
import { acceptedDocuments, documents, documentsOf } from "../kv/tables.js";
import { ContractDocumentPath, DocumentPath, PutDocumentBody } from "../model/document.js";
import type { TypeOf } from "../model/schema.js";
import { DOCUMENTS } from "./agreement.js";

function put(id: string, { contractId, data, version }: TypeOf<typeof PutDocumentBody>, contractInPath = contractId): void {
  if (acceptedDocuments.has(id)) throw new ApiError("DocumentAlreadyAccepted");
  if (!contractId) throw new ApiError("ContractIdMissing");
  if (contractId !== contractInPath) throw new ApiError("ContractIdMismatch");
  if (!data) throw new ApiError("DataMissing");
  requireContract(contractId);

  const earlier = documents.get(id)?.contractId;
  writeDraft(DOCUMENTS, id, { contractId, data }, version, "DocumentAlreadyExists");
  if (earlier !== undefined) documentsOf(earlier).delete(id);
  documentsOf(contractId).set(id, true);
}

/**
 * PUT /documents/{documentId} and /memberdocuments/{documentId}: writes a draft.
 *
 * @throws DocumentAlreadyAccepted (405), ContractIdMissing (400), DataMissing (400), ContractNotFound (404), ViewNotKnown (503),
 * DocumentAlreadyExists (409), PreconditionFailed (412)
 */
export const putDocument = handler(
  { params: DocumentPath, body: PutDocumentBody, callers: ["member_cert"], activeMembers: true },
  ({ params, body }) => {
    put(params.documentId, body);
  },
);

/**
 * PUT /contracts/{contractId}/memberdocuments/{documentId}: writes a draft; path and body must name the same contract.
 *
 * @throws DocumentAlreadyAccepted (405), ContractIdMissing (400), ContractIdMismatch (400), DataMissing (400), ContractNotFound (404),
 * ViewNotKnown (503), DocumentAlreadyExists (409), PreconditionFailed (412)
 */
export const putDocumentOfContract = handler(
  { params: ContractDocumentPath, body: PutDocumentBody, callers: ["member_cert"], activeMembers: true },
  ({ params, body }) => {
    put(params.documentId, body, params.contractId);
  },
);
