import { ApiError } from "../http/errors.js";
import { membersInfo } from "../kv/ccfTables.js";
import { holdsRole } from "../kv/roles.js";
import { executionFlags } from "../kv/tables.js";

/**
 * Whether what a member has said of an execution counts: while he is a member, active or about to become so again, and holds no role.
 * Somebody who was removed could never take his word back.
 */
function counts(memberId: string): boolean {
  const info = membersInfo.get(memberId);
  return info !== undefined && !holdsRole(info.member_data);
}

/** Why an accepted contract must not run now; undefined when it may. Members are looked up only if one of them has disabled it. */
export function objection(contractId: string): ApiError | undefined {
  const flags = Object.entries(executionFlags.get(contractId) ?? {});
  const ids = flags.filter(([id, flag]) => flag === "disabled" && counts(id)).map(([id]) => id);
  if (ids.length === 0) return undefined;
  return new ApiError("ContractDisabled", `Contract has been disabled by the following member(s): m[${ids.sort().join(",")}]`);
}

/**
 * For all that a clean room needs in order to go on: tokens, secrets, certificates, documents, signatures.
 *
 * @throws ApiError ContractDisabled (403) while a member has disabled the execution of the contract
 */
export function requireConsent(contractId: string): void {
  const refusal = objection(contractId);
  if (refusal) throw refusal;
}
