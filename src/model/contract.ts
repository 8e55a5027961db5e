import { DRAFT, ID_LIST, STATES, VIEW } from "./agreement.js";
import { ID } from "./ids.js";
import { PAGE } from "./page.js";
import { schema, shape } from "./schema.js";

/** Where a contract is on its way. */
export const CONTRACT_STATES = STATES;

export const ContractPath = schema({
  type: "object",
  properties: { contractId: ID },
  required: ["contractId"],
});

export const PutContractBody = schema({ type: "object", properties: DRAFT });

/** `state` is checked by the operation, which answers with a code of its own. */
export const ListContractsQuery = schema({
  type: "object",
  properties: { state: { description: `One of ${STATES.join(", ")}; all when absent or empty.`, type: "string" }, ...PAGE },
});

export const ContractView = shape({
  type: "object",
  properties: VIEW,
  required: ["id", "state", "proposalId"],
  additionalProperties: false,
});

export const ContractList = shape(ID_LIST);
