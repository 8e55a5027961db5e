import type { MemberCertAuthnIdentity } from "@microsoft/ccf-app/endpoints.js";
import { ApiError } from "../http/errors.js";
import { handler } from "../http/handler.js";
import { membersInfo } from "../kv/ccfTables.js";
import { holdsRole } from "../kv/roles.js";
import { acceptedContracts, executionFlags } from "../kv/tables.js";
import { ContractOptionPath } from "../model/consent.js";
import { ContractPath } from "../model/contract.js";
import { contractOption } from "./options.js";

/** What a member says of the execution of a contract; nobody else can change it. */
type Flag = "enabled" | "disabled";

function requireSay({ id }: MemberCertAuthnIdentity): void {
  if (!holdsRole(membersInfo.get(id)?.member_data)) return;
  throw new ApiError("CallerNotAuthorized", "Members with an operator role have no say in whether a contract runs.");
}

function setFlag(contractId: string, caller: MemberCertAuthnIdentity, flag: Flag): void {
  if (!acceptedContracts.has(contractId)) throw new ApiError("ContractNotAccepted");
  executionFlags.set(contractId, { ...executionFlags.get(contractId), [caller.id]: flag });
}

const writes = { callers: ["member_cert"], activeMembers: true } as const;

const switchTo = (flag: Flag) =>
  handler({ params: ContractPath, ...writes }, ({ params: { contractId }, caller }) => {
    requireSay(caller);
    setFlag(contractId, caller, flag);
  });

const switchOptionTo = (flag: Flag) =>
  handler({ params: ContractOptionPath, ...writes }, ({ params: { contractId, option }, caller }) => {
    requireSay(caller);
    if (contractOption(option) !== "execution") {
      const action = `set_contract_runtime_options_${flag === "enabled" ? "enable" : "disable"}_${option}`;
      throw new ApiError("InvalidOption", `No member alone decides on ${option}: propose ${action}.`);
    }
    setFlag(contractId, caller, flag);
  });

/**
 * POST /contracts/{contractId}/enable: the caller no longer objects to the execution of the contract.
 *
 * @throws CallerNotAuthorized (403), ContractNotAccepted (400)
 */
export const enableContract = switchTo("enabled");

/**
 * POST /contracts/{contractId}/disable: the contract must not run until the caller enables it again.
 *
 * @throws CallerNotAuthorized (403), ContractNotAccepted (400)
 */
export const disableContract = switchTo("disabled");

/**
 * POST /contracts/{contractId}/runtimeoptions/{option}/enable: the newer spelling of `enable`; the option is `execution`.
 *
 * @throws CallerNotAuthorized (403), InvalidOption (400), ContractNotAccepted (400)
 */
export const enableOption = switchOptionTo("enabled");

/**
 * POST /contracts/{contractId}/runtimeoptions/{option}/disable: the newer spelling of `disable`; the option is `execution`.
 *
 * @throws CallerNotAuthorized (403), InvalidOption (400), ContractNotAccepted (400)
 */
export const disableOption = switchOptionTo("disabled");
