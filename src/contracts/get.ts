import { read } from "../agreement/read.js";
import { ApiError } from "../http/errors.js";
import { handler } from "../http/handler.js";
import { ContractPath, ContractView } from "../model/contract.js";
import { CONTRACTS } from "./agreement.js";

/**
 * GET and POST /contracts/{contractId}: the contract and where it is on its way.
 *
 * @throws ViewNotKnown (503), ContractNotFound (404)
 */
export const getContract = handler({ params: ContractPath, returns: ContractView }, ({ params: { contractId } }) => {
  const contract = read(CONTRACTS, contractId);
  if (!contract) throw new ApiError("ContractNotFound");
  return contract;
});
