import { own } from "../src/encoding/own.js";
import { isOperator } from "../src/kv/roles.js";
import { type Member, isElector, isFutureElector } from "./electorate.js";
import type { Action } from "./proposal.js";

export type Resolution = "Accepted" | "Rejected" | "Open";

export type Vote = { readonly member_id: string; readonly vote: boolean };

/** All that a decision depends on. */
export type Question = {
  readonly actions: readonly Action[];
  readonly proposerId: string;
  readonly votes: readonly Vote[];
  readonly members: readonly Member[];
  /** The member id that a certificate stands for. */
  readonly memberIdOf: (pem: string) => string;
  readonly isAcceptedContract: (contractId: unknown) => boolean;
  /** Whether another open proposal is about the contract. */
  readonly isProposedElsewhere: (contractId: unknown) => boolean;
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
const VETOABLE = new Set(["set_contract"]);

const isAbout =
  (subject: string) =>
  ({ name }: Action) =>
    name === subject;

/*! An operator's proposal of nothing but the actions above, new operators, and removals of operators is accepted at once. */
export const operatorsAlone: Rule = ({ actions, proposerId, members, memberIdOf }) => {
  const proposer = members.find(({ id }) => id === proposerId);
  if (proposer?.status !== "Active" || !isOperator(proposer.member_data)) return undefined;

  const allowed = ({ name, args }: Action): boolean => {
    if (name === "set_member") return isPlainNewOperator(args, members, memberIdOf);
    if (name === "remove_member") return members.some((member) => member.id === own(args, "member_id") && isOperator(member.member_data));
    return OPERATORS_ALONE.has(name);
  };
  return actions.length > 0 && actions.every(allowed) ? "Accepted" : undefined;
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

/*! One elector's vote against a contract rejects it. */
export const vetoed: Rule = ({ actions, votes, members }) =>
  actions.some(({ name }) => VETOABLE.has(name)) && members.some((member) => isElector(member) && voted(member, false, votes))
    ? "Rejected"
    : undefined;

/*! Contracts are agreed upon by themselves, once, and in one proposal at a time. */
export const contractHygiene: Rule = ({ actions, isAcceptedContract, isProposedElsewhere }) => {
  if (!actions.some(isAbout("set_contract"))) return undefined;
  const ids = actions.map(({ args }) => own(args, "contractId"));
  const clean =
    actions.every(isAbout("set_contract")) &&
    new Set(ids).size === ids.length &&
    !ids.some((id) => isAcceptedContract(id) || isProposedElsewhere(id));
  return clean ? undefined : "Rejected";
};

/*!
 * Accepted when there are electors and every one of them has voted for it.
 * A contract waits, besides, for members who have been added but are not active yet: they are to be asked too.
 */
export const unanimous: Rule = ({ actions, votes, members }) => {
  const electors = members.filter(isElector);
  if (electors.length === 0 || !electors.every((member) => voted(member, true, votes))) return undefined;
  if (actions.some(isAbout("set_contract")) && members.some(isFutureElector)) return undefined;
  return "Accepted";
};

const voted = (member: Member, vote: boolean, votes: readonly Vote[]): boolean =>
  votes.some((cast) => cast.member_id === member.id && cast.vote === vote);

/*! The rules in the order in which they are asked. */
const RULES: readonly Rule[] = [operatorsAlone, vetoed, contractHygiene, unanimous];

export function decide(question: Question): Resolution {
  for (const rule of RULES) {
    const decision = rule(question);
    if (decision) return decision;
  }
  return "Open";
}
