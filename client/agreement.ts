import { Refusal } from "./errors.js";
import { getActions, propose, vote, type Action, type Proposal, type Vote } from "./governance/proposal.js";
import { getJson, path, write, type Session } from "./session.js";

/** Something that members draft, propose, and agree upon once: a contract or a document. */
export type Agreed = {
  readonly id: string;
  /** `view.seqno`; names what was read, so that nobody overwrites or proposes what they have not seen. */
  readonly version: string;
  readonly state: "Draft" | "Proposed" | "Accepted";
  readonly data: unknown;
  /** Empty for a draft. */
  readonly proposalId: string;
  /** Of what is accepted. */
  readonly finalVotes?: readonly { readonly memberId: string; readonly vote: boolean }[];
};

/** A kind of such things. @template T what members read of one */
export type Kind<T extends Agreed> = {
  readonly noun: "contract" | "document";
  /** Begins the codes of refusals. */
  readonly code: "Contract" | "Document";
  /** Where they are, without the id. */
  readonly address: string;
  /** The action that accepts one. */
  readonly accept: (id: string, item: T) => Action;
  /** All names of that action; older clients use others. */
  readonly acceptedBy: readonly string[];
  /** The argument of the action that holds the id. */
  readonly idArgument: string;
};

/** @throws ServiceError ...NotFound (404) */
export function read<T extends Agreed>({ transport }: Session, { address }: Kind<T>, id: string): Promise<T> {
  return getJson(transport, `${address}${path`/${id}`}`);
}

export function list<T extends Agreed>(
  { transport }: Session,
  { address }: Kind<T>,
): Promise<{ readonly value: readonly { readonly id: string }[] }> {
  return getJson(transport, address);
}

/**
 * Writes a draft.
 *
 * @param version of the draft that is to be replaced; none for a new one
 * @throws ServiceError ...AlreadyAccepted (405), ...AlreadyExists (409), PreconditionFailed (412)
 */
export async function writeDraft<T extends Agreed>(
  session: Session,
  { address }: Kind<T>,
  id: string,
  content: object,
  version?: string,
): Promise<void> {
  await write(session, "PUT", `${address}${path`/${id}`}`, { ...(version !== undefined && { version }), ...content });
}

/**
 * Proposes a draft: from now on its text is fixed.
 *
 * @param version that the proposer has read
 * @throws Refusal ...Modified when the draft has changed since; ...AlreadyProposed, ...AlreadyAccepted
 */
export async function proposeDraft<T extends Agreed>(session: Session, kind: Kind<T>, id: string, version: string): Promise<Proposal> {
  const { noun, code } = kind;
  const item = await read(session, kind, id);
  if (item.version !== version) {
    throw new Refusal(`${code}Modified`, `${noun} "${id}" is at version ${item.version}, not ${version}: read it again`);
  }
  if (item.state === "Accepted") throw new Refusal(`${code}AlreadyAccepted`, `${noun} "${id}" is accepted and can no longer change`);
  if (item.state === "Proposed") {
    throw new Refusal(`${code}AlreadyProposed`, `${noun} "${id}" is proposed already, by ${item.proposalId}: vote on that`);
  }
  return propose(session, [kind.accept(id, item)]);
}

/**
 * Votes on what is proposed. To a session that shows no certificate the application says nothing; then the proposal itself, which anybody can
 * read, has to be about this and nothing else.
 *
 * @param proposalId that the voter has seen; it must be the one that proposes this now
 * @throws Refusal ...NotProposed, ProposalIdMismatch
 */
export async function voteOn<T extends Agreed>(
  session: Session,
  kind: Kind<T>,
  id: string,
  proposalId: string,
  choice: Vote,
): Promise<Proposal> {
  const { noun, code } = kind;
  const item = await readIfShown(session, kind, id);
  if (item === undefined) {
    const { actions } = await getActions(session, proposalId);
    if (!actions.every((action) => accepts(action, kind, id))) {
      throw new Refusal("ProposalIdMismatch", `proposal ${proposalId} is not about ${noun} "${id}", or not about that alone`);
    }
    return vote(session, proposalId, choice);
  }
  if (item.proposalId === "") throw new Refusal(`${code}NotProposed`, `${noun} "${id}" is not proposed: it is a ${item.state}`);
  if (item.proposalId !== proposalId) {
    throw new Refusal("ProposalIdMismatch", `${noun} "${id}" is proposed by ${item.proposalId}, not by ${proposalId}`);
  }
  return vote(session, proposalId, choice);
}

/** Undefined where the session shows no certificate, so that the application would refuse. */
async function readIfShown<T extends Agreed>(session: Session, kind: Kind<T>, id: string): Promise<T | undefined> {
  try {
    return await read(session, kind, id);
  } catch (error) {
    if (error instanceof Refusal && error.code === "MemberCertificateMissing") return undefined;
    throw error;
  }
}

function accepts<T extends Agreed>({ name, args }: Action, { acceptedBy, idArgument }: Kind<T>, id: string): boolean {
  if (!acceptedBy.includes(name) || typeof args !== "object" || args === null) return false;
  return (args as Readonly<Record<string, unknown>>)[idArgument] === id;
}
