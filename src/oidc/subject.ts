import { ApiError } from "../http/errors.js";
import { tokenSubjects } from "../kv/tables.js";

/**
 * The one contract whose tokens may name a subject: the one that the members registered it for, otherwise the contract of that name.
 *
 * So a subject never has two owners, also not when a contract takes the name of a subject that was registered before.
 */
export const ownerOf = (subject: string, registration: { readonly contractId: string } | undefined): string =>
  registration?.contractId ?? subject;

/** @throws ApiError SubjectNotAllowed */
export function requireOwnSubject(contractId: string, subject: string): void {
  if (ownerOf(subject, tokenSubjects.get(subject)) !== contractId) throw new ApiError("SubjectNotAllowed");
}
