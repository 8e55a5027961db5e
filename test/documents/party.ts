import type { Action } from "../../client/governance/proposal.js";
import type { Party } from "../support/party.js";

/** The two names that clients have for the action that makes a document final. */
export const ACTIONS = ["set_document", "set_member_document"] as const;

export const setDocument = (documentId: string, document: unknown, name: (typeof ACTIONS)[number] = "set_member_document"): Action => ({
  name,
  args: { documentId, document },
});

/** Writes a new draft. @returns its version */
export async function draft(author: Party, id: string, contractId: string, data: unknown = "query"): Promise<string> {
  const { status, transactionId } = await author.call("PUT", `/app/documents/${id}`, { contractId, data });
  if (status !== 200 || transactionId === undefined) throw new Error(`drafting ${id} answers ${status}`);
  return transactionId;
}
