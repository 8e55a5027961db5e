import type { Agreement } from "../agreement/agreement.js";
import { ApiError } from "../http/errors.js";
import { acceptedContracts, contracts } from "../kv/tables.js";

export const CONTRACTS: Agreement<{ readonly data: unknown }> = {
  drafts: contracts,
  accepted: acceptedContracts,
  actions: ["set_contract"],
  argument: "contract",
  content: ({ data }) => ({ data }),
};

/** @throws ApiError ContractNotFound (404) unless the contract has been drafted or accepted */
export function requireContract(contractId: string): void {
  if (!contracts.has(contractId) && !acceptedContracts.has(contractId)) throw new ApiError("ContractNotFound");
}
