import { list, proposeDraft, read, voteOn, writeDraft, type Agreed, type Kind } from "./agreement.js";
import type { Proposal, Vote } from "./governance/proposal.js";
import type { Session } from "./session.js";

/** What the clean room of a contract may read once the members have agreed on it. */
export type Document = Agreed & { readonly contractId: string };

const documents: Kind<Document> = {
  noun: "document",
  code: "Document",
  address: "/app/documents",
  accept: (documentId, document) => ({ name: "set_document", args: { documentId, document } }),
  acceptedBy: ["set_document", "set_member_document"],
  idArgument: "documentId",
};

/** Writes a draft; see `writeDraft`. @throws ServiceError ContractNotFound (404) besides */
export function putDocument(session: Session, id: string, contractId: string, data: unknown, version?: string): Promise<void> {
  return writeDraft(session, documents, id, { contractId, data }, version);
}

/** @throws ServiceError DocumentNotFound (404) */
export function getDocument(session: Session, id: string): Promise<Document> {
  return read(session, documents, id);
}

export function listDocuments(session: Session): ReturnType<typeof list> {
  return list(session, documents);
}

/** See `proposeDraft`. */
export function proposeDocument(session: Session, id: string, version: string): Promise<Proposal> {
  return proposeDraft(session, documents, id, version);
}

/** See `voteOn`. */
export function voteOnDocument(session: Session, id: string, proposalId: string, choice: Vote): Promise<Proposal> {
  return voteOn(session, documents, id, proposalId, choice);
}
