import { holdsRole } from "../src/kv/roles.js";

export type Member = {
  readonly id: string;
  /** Accepted: added by a proposal, but has not acknowledged the state of the ledger yet. */
  readonly status: "Accepted" | "Active";
  readonly member_data?: unknown;
};

/*! Those who decide: active members that hold no operator role. Nobody else's vote counts, for or against. */
export const isElector = (member: Member): boolean => member.status === "Active" && !holdsRole(member.member_data);

/*! Those who will decide as soon as they are active. */
export const isFutureElector = (member: Member): boolean => member.status === "Accepted" && !holdsRole(member.member_data);
