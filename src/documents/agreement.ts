import type { Agreement, View } from "../agreement/agreement.js";
import { ApiError } from "../http/errors.js";
import { acceptedDocuments, documents } from "../kv/tables.js";

export type Document = { readonly contractId: string; readonly data: unknown };

/** Documents of members. Older clients know them without "member" in their name. */
export const DOCUMENTS: Agreement<Document> = {
  drafts: documents,
  accepted: acceptedDocuments,
  actions: ["set_document", "set_member_document"],
  argument: "document",
  content: ({ contractId, data }) => ({ contractId, data }),
};

/** @throws ApiError DocumentNotFound (404), ContractIdMismatch (400) unless the document is there and belongs to the contract */
export function requireDocumentOf(contractId: string, document: View<Document> | undefined): View<Document> {
  if (!document) throw new ApiError("DocumentNotFound");
  if (document.contractId !== contractId) throw new ApiError("ContractIdMismatch");
  return document;
}
