import { own } from "./own.js";

export type Member = {
  readonly id: string;
  /** Accepted: added by a proposal, but has not acknowledged the state of the ledger yet. */
  readonly status: "Accepted" | "Active";
  readonly member_data?: unknown;
};

/*! Roles are flags in a member's data: true, or the text "true". */
const isSet = (role: unknown): boolean => role === true || role === "true";

export const isOperator = (member: Member): boolean => isSet(own(member.member_data, "isOperator"));

const holdsRole = (member: Member): boolean => {
  const cgsRoles = own(member.member_data, "cgsRoles");
  return (
    isOperator(member) ||
    isSet(own(member.member_data, "isRecoveryOperator")) ||
    isSet(own(cgsRoles, "cgsOperator")) ||
    isSet(own(cgsRoles, "contractOperator"))
  );
};

/*! Those who decide: active members that hold no operator role. Nobody else's vote counts, for or against. */
export const isElector = (member: Member): boolean => member.status === "Active" && !holdsRole(member);

/*! Those who will decide as soon as they are active. */
export const isFutureElector = (member: Member): boolean => member.status === "Accepted" && !holdsRole(member);
