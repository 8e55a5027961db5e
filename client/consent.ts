import type { Action } from "./governance/proposal.js";
import { ask, path, write, type Session } from "./session.js";

/** What can be switched for an accepted contract: execution by each member alone, the others by agreement. */
export const contractOptions = ["execution", "logging", "telemetry"] as const;
export type ContractOption = (typeof contractOptions)[number];

export type OptionStatus = {
  readonly status: "enabled" | "disabled";
  /** Why the contract must not run. */
  readonly reason?: { readonly code: string; readonly message: string };
  /** Open proposals to enable or disable logging or telemetry. */
  readonly proposalIds?: readonly string[];
};

export type Switch = "enable" | "disable";

export function getOption({ transport }: Session, contractId: string, option: ContractOption): Promise<OptionStatus> {
  return ask(transport, `${path`/app/contracts/${contractId}/checkstatus`}/${option}`);
}

/** Objects to the execution of a contract, or no longer. @throws ServiceError CallerNotAuthorized (403), ContractNotAccepted (400) */
export async function switchExecution(session: Session, contractId: string, to: Switch): Promise<void> {
  await write(session, "POST", `${path`/app/contracts/${contractId}`}/${to}`);
}

/** The action that lets logs or telemetry leave the clean rooms of a contract, or no longer. */
export function switchOption(contractId: string, option: Exclude<ContractOption, "execution">, to: Switch): Action {
  return { name: `set_contract_runtime_options_${to}_${option}`, args: { contractId } };
}
