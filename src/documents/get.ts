import { read } from "../agreement/read.js";
import { ApiError } from "../http/errors.js";
import { handler } from "../http/handler.js";
import { ContractDocumentPath, DocumentPath, DocumentView } from "../model/document.js";
import { DOCUMENTS, requireDocumentOf } from "./agreement.js";

/**
 * GET /documents/{documentId} and /memberdocuments/{documentId}: the document and where it is on its way.
 *
 * @throws ViewNotKnown (503), DocumentNotFound (404)
 */
export const getDocument = handler({ params: DocumentPath, returns: DocumentView }, ({ params: { documentId } }) => {
  const document = read(DOCUMENTS, documentId);
  if (!document) throw new ApiError("DocumentNotFound");
  return document;
});

/**
 * POST /contracts/{contractId}/memberdocuments/{documentId}: the document of this contract and where it is on its way.
 *
 * @throws ViewNotKnown (503), DocumentNotFound (404), ContractIdMismatch (400)
 */
export const getDocumentOfContract = handler({ params: ContractDocumentPath, returns: DocumentView }, ({ params }) =>
  requireDocumentOf(params.contractId, read(DOCUMENTS, params.documentId)),
);
