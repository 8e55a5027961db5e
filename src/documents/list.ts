import { statesOf } from "../agreement/states.js";
import { handler } from "../http/handler.js";
import { paged } from "../http/page.js";
import { forEachOpenProposal } from "../kv/proposals.js";
import { keysOf } from "../kv/rows.js";
import { acceptedDocuments, acceptedDocumentsOf, documentsOf } from "../kv/tables.js";
import { ContractPath } from "../model/contract.js";
import { DocumentList } from "../model/document.js";
import { PageQuery } from "../model/page.js";
import { DOCUMENTS } from "./agreement.js";

/** GET /documents and /memberdocuments: the ids of all documents, in ascending order; with `limit`, a page of them. */
export const listDocuments = handler({ query: PageQuery, returns: DocumentList }, ({ query: { limit, after } }) =>
  paged(statesOf(DOCUMENTS).keys(), { limit, after }, "/app/documents", (id) => ({ id })),
);

/** The contract that counts is the one that reading the document shows. */
function documentsReadAs(contractId: string): Set<string> {
  const proposed = new Map<string, unknown>();
  forEachOpenProposal((_, subjects) => {
    for (const { action, id, contractId: of } of subjects) if (DOCUMENTS.actions.includes(action)) proposed.set(id, of);
  });
  const drafted = keysOf(documentsOf(contractId));
  const open = new Set([...proposed.keys(), ...drafted].filter((id) => !acceptedDocuments.has(id)));
  const ofThis = [...open].filter((id) => !proposed.has(id) || proposed.get(id) === contractId);
  return new Set([...keysOf(acceptedDocumentsOf(contractId)), ...ofThis]);
}

/** GET /contracts/{contractId}/memberdocuments: as `/documents`, of one contract. */
export const listDocumentsOfContract = handler(
  { params: ContractPath, query: PageQuery, returns: DocumentList },
  ({ params: { contractId }, query: { limit, after } }) =>
    paged(documentsReadAs(contractId), { limit, after }, `/app/contracts/${contractId}/memberdocuments`, (id) => ({ id })),
);
