import { handler } from "../http/handler.js";
import { openProposalsOn } from "../kv/proposals.js";
import { caSigningKeys } from "../kv/tables.js";
import { CaInfo } from "../model/ca.js";
import { ContractPath } from "../model/contract.js";
import type { TypeOf } from "../model/schema.js";
import { isEnabled } from "./state.js";

/** The public half of the key, when there is one. */
function keyOf(contractId: string): Pick<TypeOf<typeof CaInfo>, "caCert" | "publicKey" | "previousCaCerts"> {
  const key = caSigningKeys.get(contractId);
  return key ? { caCert: key.caCert, publicKey: key.publicKey, previousCaCerts: [...(key.previousCaCerts ?? [])] } : {};
}

/** GET /contracts/{contractId}/ca/info, POST /contracts/{contractId}/ca/status: the CA of the contract, and what is proposed about it. */
export const getCaInfo = handler({ params: ContractPath, returns: CaInfo }, ({ params: { contractId } }) => {
  const enabled = isEnabled(contractId);
  const proposalIds = ["enable_ca", "ca_enable_rotate_signing_key"].flatMap((action) => openProposalsOn(action, contractId));
  return { enabled, proposalIds: [...new Set(proposalIds)], ...(enabled && keyOf(contractId)) };
});
