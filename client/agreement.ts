import { Refusal } from "./errors.js";
import { propose, vote, type Action, type Proposal, type Vote } from "./governance/proposal.js";
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
 * Votes on what is proposed.
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
  const item = await read(session, kind, id);
  if (item.proposalId === "") throw new Refusal(`${code}NotProposed`, `${noun} "${id}" is not proposed: it is a ${item.state}`);
  if (item.proposalId !== proposalId) {
    throw new Refusal("ProposalIdMismatch", `${noun} "${id}" is proposed by ${item.proposalId}, not by ${proposalId}`);
  }
  return vote(session, proposalId, choice);
}
