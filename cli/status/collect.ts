import { contractOptions, getOption } from "../../client/consent.js";
import { getContract, listContracts, type Contract } from "../../client/contracts.js";
import { Refusal } from "../../client/errors.js";
import { listMembers } from "../../client/governance/members.js";
import { findBallot, getActions, listProposals, type Proposal } from "../../client/governance/proposal.js";
import { getServiceInfo } from "../../client/governance/service.js";
import type { Session } from "../../client/session.js";
import { isObject } from "../json.js";

export type ContractRow = {
  readonly id: string;
  readonly state: Contract["state"];
  /** Of an accepted contract: `enabled` or `disabled`. */
  readonly execution?: string;
  readonly logging?: string;
  readonly telemetry?: string;
  /** Why it must not run. */
  readonly reason?: string;
};

export type ProposalRow = {
  readonly proposalId: string;
  /** What it would do: names of actions. */
  readonly actions: readonly string[];
  /** Ids of the contracts and documents that it is about. */
  readonly about: readonly string[];
  /** The identifier of the proposer, else the member id. */
  readonly proposer: string;
  /** How many have voted. */
  readonly ballots: number;
};

export type Status = {
  readonly service: { readonly endpoint: string; readonly status: string };
  readonly member: { readonly memberId: string; readonly identifier?: string; readonly status: string };
  /** Absent where the client may not read them, since it shows no certificate. */
  readonly contracts?: readonly ContractRow[];
  /** Open proposals that the member has not voted on. */
  readonly awaitingVote: readonly ProposalRow[];
};

/** What a member wants to know first of a service. */
export async function collectStatus(session: Session): Promise<Status> {
  const { memberId } = session.identity;
  const [{ status }, { value: members }] = await Promise.all([getServiceInfo(session), listMembers(session)]);
  const me = members.find((member) => member.memberId === memberId);
  const identifier = me?.memberData?.identifier;
  const nameOf = (id: string): string => members.find((member) => member.memberId === id)?.memberData?.identifier ?? id;
  // The application answers active members of an open service alone; the rest is known anyway.
  const answers = status === "Open" && me?.status === "Active";
  const contracts = answers ? await contractRows(session) : [];
  return {
    service: { endpoint: session.transport.url, status },
    member: { memberId, ...(identifier !== undefined && { identifier }), status: me?.status ?? "Unknown" },
    ...(contracts && { contracts }),
    awaitingVote: me?.status === "Active" ? await proposalRows(session, nameOf) : [],
  };
}

async function contractRows(session: Session): Promise<ContractRow[] | undefined> {
  try {
    const { value } = await listContracts(session);
    return await Promise.all(value.map(({ id }) => contractRow(session, id)));
  } catch (error) {
    if (error instanceof Refusal && error.code === "MemberCertificateMissing") return undefined;
    throw error;
  }
}

async function contractRow(session: Session, id: string): Promise<ContractRow> {
  const { state } = await getContract(session, id);
  if (state !== "Accepted") return { id, state };
  const [execution, logging, telemetry] = await Promise.all(contractOptions.map((option) => getOption(session, id, option)));
  return {
    id,
    state,
    ...(execution && { execution: execution.status }),
    ...(logging && { logging: logging.status }),
    ...(telemetry && { telemetry: telemetry.status }),
    ...(execution?.reason && { reason: execution.reason.message }),
  };
}

async function proposalRows(session: Session, nameOf: (memberId: string) => string): Promise<ProposalRow[]> {
  const { value } = await listProposals(session);
  const open = value.filter(({ proposalState }) => proposalState === "Open");
  const rows = await Promise.all(open.map((proposal) => proposalRow(session, proposal, nameOf)));
  return rows.filter((row) => row !== undefined);
}

async function proposalRow(
  session: Session,
  { proposalId, proposerId, ballotCount }: Proposal,
  nameOf: (memberId: string) => string,
): Promise<ProposalRow | undefined> {
  if ((await findBallot(session, proposalId, session.identity.memberId)) !== undefined) return undefined;
  const { actions } = await getActions(session, proposalId);
  return {
    proposalId,
    actions: actions.map(({ name }) => name),
    about: [...new Set(actions.flatMap(({ args }) => idsIn(args)))],
    proposer: nameOf(proposerId),
    ballots: ballotCount,
  };
}

function idsIn(args: unknown): string[] {
  if (!isObject(args)) return [];
  return [args.contractId, args.documentId].filter((id) => typeof id === "string");
}
