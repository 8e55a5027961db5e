import { writeDraft } from "../agreement/write.js";
import { ApiError } from "../http/errors.js";
import { handler } from "../http/handler.js";
import { acceptedContracts } from "../kv/tables.js";
import { ContractPath, PutContractBody } from "../model/contract.js";
import { CONTRACTS } from "./agreement.js";

/**
 * PUT /contracts/{contractId}: writes a draft.
 *
 * @throws ContractAlreadyAccepted (405), DataMissing (400), ViewNotKnown (503), ContractAlreadyExists (409), PreconditionFailed (412)
 */
export const putContract = handler(
  { params: ContractPath, body: PutContractBody, callers: ["member_cert"], activeMembers: true },
  ({ params, body }) => {
    const id = params.contractId;
    if (acceptedContracts.has(id)) throw new ApiError("ContractAlreadyAccepted");
    if (!body.data) throw new ApiError("DataMissing");
    writeDraft(CONTRACTS, id, { data: body.data }, body.version, "ContractAlreadyExists");
  },
);
