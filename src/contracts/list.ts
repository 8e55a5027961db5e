import { statesOf } from "../agreement/states.js";
import { ApiError } from "../http/errors.js";
import { handler } from "../http/handler.js";
import { paged } from "../http/page.js";
import { CONTRACT_STATES, ContractList, ListContractsQuery } from "../model/contract.js";
import { CONTRACTS } from "./agreement.js";

/**
 * GET /contracts: the ids of all contracts, or of those in one state, in ascending order; with `limit`, a page of them.
 *
 * Says of each contract what reading it says. So a contract that was proposed without ever being drafted is listed as well, which the
 * public service does not do.
 *
 * @throws InvalidParameter (400)
 */
export const listContracts = handler({ query: ListContractsQuery, returns: ContractList }, ({ query }) => {
  const { state } = query;
  const wanted = CONTRACT_STATES.find((known) => known === state);
  if (state && !wanted) throw new ApiError("InvalidParameter", `query/state must be one of ${CONTRACT_STATES.join(", ")}`);

  const listed = [...statesOf(CONTRACTS)].filter(([, shown]) => !wanted || shown === wanted).map(([id]) => id);
  const { limit, after } = query;
  return paged(listed, { state, limit, after }, "/app/contracts", (id) => ({ id }));
});
