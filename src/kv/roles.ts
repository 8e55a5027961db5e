import { own } from "../encoding/own.js";

/*! Roles are flags in a member's data: true, or the text "true". */
const isSet = (role: unknown): boolean => role === true || role === "true";

export const isOperator = (memberData: unknown): boolean => isSet(own(memberData, "isOperator"));

export const isRecoveryOperator = (memberData: unknown): boolean => isSet(own(memberData, "isRecoveryOperator"));

export const isCgsOperator = (memberData: unknown): boolean => isSet(own(own(memberData, "cgsRoles"), "cgsOperator"));

export const isContractOperator = (memberData: unknown): boolean => isSet(own(own(memberData, "cgsRoles"), "contractOperator"));

/*! Members with a role serve the others; they have no say in what happens to the data. */
export const holdsRole = (memberData: unknown): boolean =>
  [isOperator, isRecoveryOperator, isCgsOperator, isContractOperator].some((has) => has(memberData));
