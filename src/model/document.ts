import { DRAFT, ID_LIST, VIEW } from "./agreement.js";
import { ID } from "./ids.js";
import { schema, shape } from "./schema.js";

export const DocumentPath = schema({
  type: "object",
  properties: { documentId: ID },
  required: ["documentId"],
});

export const ContractDocumentPath = schema({
  type: "object",
  properties: { contractId: ID, documentId: ID },
  required: ["contractId", "documentId"],
});

export const PutDocumentBody = schema({
  type: "object",
  properties: {
    contractId: { description: "The contract that the document belongs to.", type: "string", pattern: `^$|${ID.pattern}`, nullable: true },
    ...DRAFT,
  },
});

export const DocumentView = shape({
  type: "object",
  properties: { contractId: ID, ...VIEW },
  required: ["id", "state", "contractId", "proposalId"],
  additionalProperties: false,
});

export const DocumentList = shape(ID_LIST);
