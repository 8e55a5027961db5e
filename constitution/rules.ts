import { own } from "../src/encoding/own.js";
import { isCgsOperator, isContractOperator, isOperator } from "../src/kv/roles.js";
import type { SERVICE_OPTIONS } from "../src/model/options.js";
import { type Member, isElector, isFutureElector } from "./electorate.js";
import type { Action } from "./proposal.js";
import { type Subject, nameOf, subjectOf } from "./subjects.js";

export type Resolution = "Accepted" | "Rejected" | "Open";

export type Vote = { readonly member_id: string; readonly vote: boolean };

type Option = (typeof SERVICE_OPTIONS)[number];

/** All that a decision depends on. */
export type Question = {
  readonly actions: readonly Action[];
  readonly proposerId: string;
  readonly votes: readonly Vote[];
  readonly members: readonly Member[];
  /** The member id that a certificate stands for. */
  readonly memberIdOf: (pem: string) => string;
  readonly isAccepted: (subject: Subject) => boolean;
  /** Whether another open proposal is about it. */
  readonly isProposedElsewhere: (subject: Subject) => boolean;
  readonly isEnabled: (option: Option) => boolean;
};

/** A rule decides, or says nothing and leaves the decision to the next rule. */
type Rule = (question: Question) => "Accepted" | "Rejected" | undefined;

/*!
 * What operators may do without the electorate: keep the network running. Not here is all that could widen who may read the data:
 * which code may join the network, who may authenticate, how many recovery shares unlock the ledger, who votes.
 * (A node can be trusted by operators because it could only ask to join with code that the electorate allows.)
 */
const OPERATORS_ALONE = new Set([
  "remove_ca_cert_bundle",
  "remove_jwt_issuer",
  "remove_node",
  "remove_snp_uvm_endorsement",
  "set_node_certificate_validity",
  "set_node_data",
  "set_service_certificate_validity",
  "transition_node_to_trusted",
  "transition_service_to_open",
  "trigger_ledger_chunk",
  "trigger_snapshot",
]);

/*! What one elector alone can stop for good by voting against it. Other proposals stay open until all have agreed. */
const VETOABLE = new Set([
  "set_contract",
  "set_document",
  "set_member_document",
  "set_deployment_spec",
  "set_deployment_info",
  "set_clean_room_policy",
  "set_contract_runtime_options_enable_logging",
  "set_contract_runtime_options_enable_telemetry",
]);

/*! What one elector may do alone: let less out of a clean room. Not operators: logs and measurements are what others watch them by. */
const ELECTOR_ALONE = new Set(["set_contract_runtime_options_disable_logging", "set_contract_runtime_options_disable_telemetry"]);

/*! What the electorate may leave to members with a role, by the option that says so. */
const DELEGATED: Readonly<Record<string, { readonly holdsRole: (memberData: unknown) => boolean; readonly option: Option }>> = {
  set_constitution: { holdsRole: isCgsOperator, option: "autoapprove-constitution-proposal" },
  set_js_app: { holdsRole: isCgsOperator, option: "autoapprove-jsapp-proposal" },
  set_deployment_spec: { holdsRole: isContractOperator, option: "autoapprove-deploymentspec-proposal" },
  set_deployment_info: { holdsRole: isContractOperator, option: "autoapprove-deploymentinfo-proposal" },
  set_clean_room_policy: { holdsRole: isContractOperator, option: "autoapprove-cleanroompolicy-proposal" },
};

/** The member who made the proposal, if he still may. */
const proposerOf = ({ proposerId, members }: Question): Member | undefined =>
  members.find(({ id, status }) => id === proposerId && status === "Active");

/** Whether there are actions, and each is as the rule wants it. */
const all = (actions: readonly Action[], allowed: (action: Action) => boolean): boolean => actions.length > 0 && actions.every(allowed);

const isContract = ({ name }: Action): boolean => name === "set_contract";

/*! An operator's proposal of nothing but the actions above, new operators, and removals of operators is accepted at once. */
export const operatorsAlone: Rule = (question) => {
  const { actions, members, memberIdOf } = question;
  if (!isOperator(proposerOf(question)?.member_data)) return undefined;

  const allowed = ({ name, args }: Action): boolean => {
    if (name === "set_member") return isPlainNewOperator(args, members, memberIdOf);
    if (name === "remove_member") return members.some((member) => member.id === own(args, "member_id") && isOperator(member.member_data));
    return OPERATORS_ALONE.has(name);
  };
  return all(actions, allowed) ? "Accepted" : undefined;
};

/*! No member yet, no recovery share, and no data (another role, a tenant) that would give him more than his upkeep needs. */
function isPlainNewOperator(args: unknown, members: readonly Member[], memberIdOf: Question["memberIdOf"]): boolean {
  const data = own(args, "member_data");
  const pem = own(args, "cert");
  if (typeof pem !== "string" || typeof data !== "object" || data === null) return false;
  const id = memberIdOf(pem);
  return (
    isOperator(data) &&
    Object.keys(data).every((field) => field === "isOperator" || field === "identifier") &&
    (own(args, "encryption_pub_key") ?? undefined) === undefined &&
    (own(args, "recovery_role") ?? undefined) === undefined &&
    !members.some((member) => member.id === id)
  );
}

/*! One elector's vote against what is vetoable rejects it. */
export const vetoed: Rule = ({ actions, votes, members }) =>
  actions.some(({ name }) => VETOABLE.has(name)) && members.some((member) => isElector(member) && voted(member, false, votes))
    ? "Rejected"
    : undefined;

/*! A contract is agreed upon by itself: nothing rides along with it. */
export const contractsApart: Rule = ({ actions }) => (actions.some(isContract) && !actions.every(isContract) ? "Rejected" : undefined);

/*! Contracts and documents are agreed upon once, and in one proposal at a time. */
export const onceOnly: Rule = ({ actions, isAccepted, isProposedElsewhere }) => {
  const subjects = actions.map(subjectOf).filter((subject) => subject !== undefined);
  const repeated = new Set(subjects.map(nameOf)).size < subjects.length;
  return repeated || subjects.some((subject) => isAccepted(subject) || isProposedElsewhere(subject)) ? "Rejected" : undefined;
};

/*! An elector's proposal to let less out is accepted at once. */
export const electorAlone: Rule = (question) => {
  const proposer = proposerOf(question);
  return proposer && isElector(proposer) && all(question.actions, ({ name }) => ELECTOR_ALONE.has(name)) ? "Accepted" : undefined;
};

/*!
 * Accepted when there are electors and every one of them has voted for it.
 * A contract waits, besides, for members who have been added but are not active yet: they are to be asked too.
 */
export const unanimous: Rule = ({ actions, votes, members }) => {
  const electors = members.filter(isElector);
  if (electors.length === 0 || !electors.every((member) => voted(member, true, votes))) return undefined;
  if (actions.some(isContract) && members.some(isFutureElector)) return undefined;
  return "Accepted";
};

/*! A proposal of nothing but what is left to its proposer is accepted at once, as long as there is an electorate to leave it to him. */
export const delegated: Rule = (question) => {
  const { actions, members, isEnabled } = question;
  const proposer = proposerOf(question);
  const left = ({ name }: Action): boolean => {
    const delegation = Object.hasOwn(DELEGATED, name) ? DELEGATED[name] : undefined;
    return delegation !== undefined && delegation.holdsRole(proposer?.member_data) && isEnabled(delegation.option);
  };
  return members.some(isElector) && all(actions, left) ? "Accepted" : undefined;
};

const voted = (member: Member, vote: boolean, votes: readonly Vote[]): boolean =>
  votes.some((cast) => cast.member_id === member.id && cast.vote === vote);

/*! The rules in the order in which they are asked. */
const RULES: readonly Rule[] = [operatorsAlone, vetoed, contractsApart, onceOnly, electorAlone, unanimous, delegated];

export function decide(question: Question): Resolution {
  for (const rule of RULES) {
    const decision = rule(question);
    if (decision) return decision;
  }
  return "Open";
}
