import { own } from "../encoding/own.js";
import { type Action, proposals, proposalsInfo } from "./ccfTables.js";
import { rowsOf } from "./rows.js";

/** An action of a proposal, and the contract or document that it is about. */
export type Subject = {
  readonly action: string;
  readonly id: string;
  /** Of a document: to which contract it shall belong. */
  readonly contractId?: unknown;
};

const DOCUMENT_ACTIONS: readonly string[] = ["set_document", "set_member_document"];

function subjectOf({ name, args }: Action): Subject | undefined {
  if (typeof args !== "object" || args === null) return undefined;
  const { contractId, documentId, document } = args as Readonly<Record<string, unknown>>;
  if (!DOCUMENT_ACTIONS.includes(name)) return typeof contractId === "string" ? { action: name, id: contractId } : undefined;
  return typeof documentId === "string" ? { action: name, id: documentId, contractId: own(document, "contractId") } : undefined;
}

/**
 * Of a proposal that is nested too deeply, none. The constitution reads proposals with more stack than an endpoint may have, also what
 * stands beside the actions or is read over; what of them it then carries out is in the tables of its own.
 */
function actionsOf(proposalId: string): readonly Action[] {
  try {
    return proposals.get(proposalId)?.actions ?? [];
  } catch {
    return [];
  }
}

/** Of more open proposals, or more actions in them together, some are read again each time. */
const MAX_REMEMBERED = 2048;
const MAX_SUBJECTS = 20_000;

/**
 * What the open proposals are about. The text of a proposal never changes, and it can be as long as a whole application: each is parsed
 * once by an interpreter, and forgotten when it is no longer open. What has been parsed is kept even if the request then runs out of time.
 */
const remembered = new Map<string, readonly Subject[]>();
let subjectsRemembered = 0;

function subjectsOf(proposalId: string): readonly Subject[] {
  const known = remembered.get(proposalId);
  if (known) return known;
  const subjects = actionsOf(proposalId)
    .map(subjectOf)
    .filter((subject) => subject !== undefined);
  if (remembered.size < MAX_REMEMBERED && subjectsRemembered + subjects.length <= MAX_SUBJECTS) {
    remembered.set(proposalId, subjects);
    subjectsRemembered += subjects.length;
  }
  return subjects;
}

/** Visits the open proposals. Closed ones are told by their small information row; their text is not touched. */
export function forEachOpenProposal(visit: (proposalId: string, subjects: readonly Subject[]) => void): void {
  const open = new Set<string>();
  for (const [proposalId, { state }] of rowsOf(proposalsInfo)) {
    if (state !== "Open") continue;
    open.add(proposalId);
    visit(proposalId, subjectsOf(proposalId));
  }
  for (const [proposalId, subjects] of remembered) {
    if (!open.has(proposalId) && remembered.delete(proposalId)) subjectsRemembered -= subjects.length;
  }
}

/** Ids of the open proposals in which `action` is about `id`. */
export function openProposalsOn(action: string, id: string): string[] {
  const found: string[] = [];
  forEachOpenProposal((proposalId, subjects) => {
    if (subjects.some((subject) => subject.action === action && subject.id === id)) found.push(proposalId);
  });
  return found;
}

/** All that `action` is about in any open proposal. */
export function openSubjectsOf(action: string): Set<string> {
  const ids = new Set<string>();
  forEachOpenProposal((_, subjects) => {
    for (const subject of subjects) if (subject.action === action) ids.add(subject.id);
  });
  return ids;
}

/** The arguments of `action` about `id`, as proposed. Undefined when the proposal has no such action. */
export function proposedArguments(proposalId: string, action: string, id: string): unknown {
  return actionsOf(proposalId).find((candidate) => {
    const subject = subjectOf(candidate);
    return subject?.action === action && subject.id === id;
  })?.args;
}
