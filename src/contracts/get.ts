import { ApiError } from "../http/errors.js";
import { handler } from "../http/handler.js";
import { openProposalsOn, proposedArguments } from "../kv/proposals.js";
import { acceptedContracts, contracts } from "../kv/tables.js";
import { versionOf } from "../kv/version.js";
import { ContractPath, ContractView } from "../model/contract.js";
import type { TypeOf } from "../model/schema.js";

type View = TypeOf<typeof ContractView>;

function accepted(id: string): View | undefined {
  const contract = acceptedContracts.get(id);
  const version = contract && versionOf(acceptedContracts, id);
  if (!version) return undefined;
  const { data, proposalId, finalVotes = {} } = contract;
  return {
    id,
    state: "Accepted",
    version,
    data,
    proposalId,
    finalVotes: Object.entries(finalVotes).map(([memberId, vote]) => ({ memberId, vote })),
  };
}

/** What the members vote on: data and version are those of the proposal, whatever has become of the draft since. */
function proposed(id: string): View | undefined {
  const [proposalId] = openProposalsOn("set_contract", id);
  if (proposalId === undefined) return undefined;
  const { contract } = proposedArguments(proposalId, "set_contract", id) as { contract?: { data?: unknown; version?: unknown } | null };
  const { data, version } = contract ?? {};
  return { id, state: "Proposed", data, ...(typeof version === "string" && { version }), proposalId };
}

function draft(id: string): View | undefined {
  const version = versionOf(contracts, id);
  return version === undefined ? undefined : { id, state: "Draft", version, data: contracts.get(id)?.data, proposalId: "" };
}

/**
 * GET and POST /contracts/{contractId}: the contract and where it is on its way.
 *
 * @throws ViewNotKnown (503), ContractNotFound (404)
 */
export const getContract = handler({ params: ContractPath, returns: ContractView }, ({ params: { contractId: id } }) => {
  const view = accepted(id) ?? proposed(id) ?? draft(id);
  if (!view) throw new ApiError("ContractNotFound");
  return view;
});
