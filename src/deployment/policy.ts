import { handler } from "../http/handler.js";
import { openProposalsOn } from "../kv/proposals.js";
import { cleanRoomPolicy } from "../kv/tables.js";
import { ContractPath } from "../model/contract.js";
import { PolicyView } from "../model/deployment.js";

/** GET and POST /contracts/{contractId}/cleanroompolicy: the claims that a clean room of the contract must present, and open proposals to change them. */
export const getCleanRoomPolicy = handler({ params: ContractPath, returns: PolicyView }, ({ params: { contractId } }) => {
  const policy: Record<string, unknown[]> = {};
  cleanRoomPolicy(contractId).forEach((accepted, claim) => {
    policy[claim] = [...accepted];
  });
  return { proposalIds: openProposalsOn("set_clean_room_policy", contractId), policy };
});
