import { ApiError } from "../http/errors.js";
import { forEachOpenProposal } from "../kv/proposals.js";
import { acceptedContracts, loggingStatus, telemetryStatus } from "../kv/tables.js";
import { CONTRACT_OPTIONS, type ContractOptionStatus } from "../model/consent.js";
import type { TypeOf } from "../model/schema.js";
import { objection } from "./state.js";

type Option = (typeof CONTRACT_OPTIONS)[number];
type Status = TypeOf<typeof ContractOptionStatus>;

/** @throws ApiError InvalidOption (400) */
export function contractOption(name: string): Option {
  const option = CONTRACT_OPTIONS.find((known) => known === name);
  if (!option) throw new ApiError("InvalidOption", `The option must be one of ${CONTRACT_OPTIONS.join(", ")}.`);
  return option;
}

const refused = ({ code, message }: ApiError) => ({ status: "disabled", reason: { code, message } }) as Status;

/** Open proposals to enable or to disable the option. */
function proposalsOn(contractId: string, option: Exclude<Option, "execution">): string[] {
  const actions = ["enable", "disable"].map((verb) => `set_contract_runtime_options_${verb}_${option}`);
  const found: string[] = [];
  forEachOpenProposal((proposalId, subjects) => {
    if (subjects.some(({ action, id }) => id === contractId && actions.includes(action))) found.push(proposalId);
  });
  return found;
}

/** Execution of an accepted contract is enabled until a member disables it; logging and telemetry are disabled until all agree on them. */
export function statusOf(contractId: string, option: Option): Status {
  if (!acceptedContracts.has(contractId)) return refused(new ApiError("ContractNotAccepted"));
  if (option === "execution") {
    const refusal = objection(contractId);
    return refusal ? refused(refusal) : { status: "enabled" };
  }
  const agreed = (option === "logging" ? loggingStatus : telemetryStatus).get(contractId);
  return { status: agreed?.status ?? "disabled", proposalIds: proposalsOn(contractId, option) };
}
