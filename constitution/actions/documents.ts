import { acceptedDocuments, acceptedDocumentsOf } from "../../src/kv/tables.js";
import { action } from "../action.js";
import { acceptedContract, id, objectWith, optional, string, truthy } from "../arguments.js";
import { finalVotes } from "../proposals.js";

/*! A document as a member read it from the application; of its fields, only the data and the contract are agreed upon. */
const Document = {
  documentId: id,
  document: objectWith({ data: truthy, contractId: acceptedContract, id: optional(string) }),
};

const acceptance: Parameters<typeof action<typeof Document>>[2] = {
  validate: ({ documentId, document }) => {
    if ((document.id ?? documentId) !== documentId) throw new Error("document.id differs from documentId");
  },
  effect: ({ documentId, document: { data, contractId } }, proposalId) => {
    // As with contracts.
    if (acceptedDocuments.has(documentId)) throw new Error(`the document ${documentId} is accepted already`);
    acceptedDocuments.set(documentId, { data, contractId, proposalId, finalVotes: finalVotes(proposalId) });
    acceptedDocumentsOf(contractId).set(documentId, true);
  },
};

/*! Makes a document final, which the clean room of the contract may then read. Two names of one action: older clients know the first. */
action("set_document", Document, acceptance);
action("set_member_document", Document, acceptance);
