import { ServiceError } from "../errors.js";
import { getJson, getText, governance, path, writeSigned, type Session } from "../session.js";

export type ProposalState = "Open" | "Accepted" | "Rejected" | "Withdrawn" | "Dropped" | "Failed";

/** What CCF says of a proposal. */
export type Proposal = {
  readonly proposalId: string;
  readonly proposerId: string;
  readonly proposalState: ProposalState;
  readonly ballotCount: number;
  /** Member id to what the ballot came to, once the proposal is closed. */
  readonly finalVotes?: Readonly<Record<string, boolean>>;
  readonly voteFailures?: Readonly<Record<string, { readonly reason: string; readonly trace?: string }>>;
  readonly failure?: { readonly reason: string; readonly trace?: string };
};

export type Action = { readonly name: string; readonly args: unknown };

export type Vote = "accept" | "reject";

/** The ballots of the stock clients, to the letter: other tools compare the text. */
const ballots: Readonly<Record<Vote, string>> = {
  accept: "export function vote (proposal, proposerId) { return true }",
  reject: "export function vote (proposal, proposerId) { return false }",
};

/** Creates a proposal. It carries no vote of its own. @throws ServiceError ProposalFailedToValidate */
export function propose(session: Session, actions: readonly Action[]): Promise<Proposal> {
  return writeSigned(session, "/gov/members/proposals:create", { type: "proposal", payload: json({ actions }) });
}

/** Votes with one of the stock ballots. The same vote twice is no error. @throws ServiceError ProposalNotFound, ProposalNotOpen, VoteAlreadyExists */
export function vote(session: Session, proposalId: string, choice: Vote): Promise<Proposal> {
  return castBallot(session, proposalId, ballots[choice]);
}

/** Votes with a ballot of one's own: a module that exports `vote(proposal, proposerId)`. */
export function castBallot(session: Session, proposalId: string, ballot: string): Promise<Proposal> {
  const { memberId } = session.identity;
  return writeSigned(session, path`/gov/members/proposals/${proposalId}/ballots/${memberId}:submit`, {
    type: "ballot",
    proposalId,
    payload: json({ ballot }),
  });
}

/** Takes back a proposal of one's own. Undefined where CCF knows no such proposal (it answers 204). */
export function withdraw(session: Session, proposalId: string): Promise<Proposal | undefined> {
  return writeSigned(session, path`/gov/members/proposals/${proposalId}:withdraw`, {
    type: "withdrawal",
    proposalId,
    payload: new Uint8Array(),
  });
}

export function listProposals({ transport }: Session): Promise<{ readonly value: readonly Proposal[] }> {
  return getJson(transport, governance("/gov/members/proposals"));
}

export function getProposal({ transport }: Session, proposalId: string): Promise<Proposal> {
  return getJson(transport, governance(path`/gov/members/proposals/${proposalId}`));
}

/** The proposal as it was submitted. */
export function getActions({ transport }: Session, proposalId: string): Promise<{ readonly actions: readonly Action[] }> {
  return getJson(transport, governance(path`/gov/members/proposals/${proposalId}/actions`));
}

/** The ballot of a member; undefined where the member has not voted. */
export async function findBallot({ transport }: Session, proposalId: string, memberId: string): Promise<string | undefined> {
  try {
    return await getText(transport, governance(path`/gov/members/proposals/${proposalId}/ballots/${memberId}`));
  } catch (error) {
    if (error instanceof ServiceError && error.code === "VoteNotFound") return undefined;
    throw error;
  }
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value), "utf8");
}
