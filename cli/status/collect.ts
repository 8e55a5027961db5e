import { contractOptions, getOption } from "../../client/consent.js";
import { getContract, listContracts, type Contract } from "../../client/contracts.js";
import { Refusal } from "../../client/errors.js";
import { listMembers, type Member } from "../../client/governance/members.js";
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
  /** What it is about: ids of contracts and documents, identifiers of members. */
  readonly about: readonly string[];
  /** The identifier of the proposer, else the member id. */
  readonly proposer: string;
  /** How many have voted. */
  readonly ballots: number;
};

export type Status = {
  readonly service: { readonly endpoint: string; readonly status: string };
  readonly member: { readonly memberId: string; readonly identifier?: string; readonly status: string };
  /** Absent where they are not known. */
  readonly contracts?: readonly ContractRow[];
  /** Open proposals that the member has not voted on; absent where that is not known. */
  readonly awaitingVote?: readonly ProposalRow[];
  /** Why something above is absent. */
  readonly notKnown?: { readonly contracts?: string; readonly awaitingVote?: string };
};

/** What a member wants to know first of a service. */
export async function collectStatus(session: Session): Promise<Status> {
  const { memberId } = session.identity;
  const [{ status }, { value: members }] = await Promise.all([getServiceInfo(session), listMembers(session)]);
  const me = members.find((member) => member.memberId === memberId);
  const identifier = me?.memberData?.identifier;
  const nameOf = (id: string): string => members.find((member) => member.memberId === id)?.memberData?.identifier ?? id;
  const noMember = whyNoMember(me);
  // The application answers active members of an open service alone.
  const closed = noMember ?? (status === "Open" ? undefined : `the service is not open: it is ${status}`);
  const contracts = closed ?? (await contractRows(session));
  const awaitingVote = noMember ?? (await proposalRows(session, nameOf));
  const notKnown = {
    ...(typeof contracts === "string" && { contracts }),
    ...(typeof awaitingVote === "string" && { awaitingVote }),
  };
  return {
    service: { endpoint: session.transport.url, status },
    member: { memberId, ...(identifier !== undefined && { identifier }), status: me?.status ?? "Unknown" },
    ...(typeof contracts !== "string" && { contracts }),
    ...(typeof awaitingVote !== "string" && { awaitingVote }),
    ...(Object.keys(notKnown).length > 0 && { notKnown }),
  };
}

/** Why the service answers somebody nothing; undefined for an active member. */
function whyNoMember(me: Member | undefined): string | undefined {
  if (!me) return "this is no member of the service: it was never invited, or has been removed";
  return me.status === "Active" ? undefined : "the membership is not active yet; see governance member activate";
}

/** @returns a text that says why they cannot be read */
async function contractRows(session: Session): Promise<ContractRow[] | string> {
  try {
    const { value } = await listContracts(session);
    return await Promise.all(value.map(({ id }) => contractRow(session, id)));
  } catch (error) {
    if (!(error instanceof Refusal && error.code === "MemberCertificateMissing")) throw error;
    return "this client signs with a command and shows no certificate; see --tls-cert of governance client deploy";
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
    about: [...new Set(actions.flatMap(({ args }) => subjectsIn(args, nameOf)))],
    proposer: nameOf(proposerId),
    ballots: ballotCount,
  };
}

function subjectsIn(args: unknown, nameOf: (memberId: string) => string): string[] {
  if (!isObject(args)) return [];
  const { contractId, documentId, member_id: memberId, member_data: invited } = args;
  const member = typeof memberId === "string" ? nameOf(memberId) : isObject(invited) ? invited.identifier : undefined;
  return [contractId, documentId, member].filter((subject) => typeof subject === "string");
}
