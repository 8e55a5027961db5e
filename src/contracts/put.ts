import { ApiError } from "../http/errors.js";
import { handler } from "../http/handler.js";
import { acceptedContracts, contracts } from "../kv/tables.js";
import { versionOf } from "../kv/version.js";
import { ContractPath, PutContractBody } from "../model/contract.js";

/**
 * PUT /contracts/{contractId}: writes a draft.
 *
 * A new id needs no `version`; an existing draft is replaced only by a caller who names the version last read, so that two editors
 * cannot overwrite each other unseen. A draft may change while the contract is proposed: what is voted on is the text of the proposal.
 *
 * @throws ContractAlreadyAccepted (405), DataMissing (400), ViewNotKnown (503), ContractAlreadyExists (409), PreconditionFailed (412)
 */
export const putContract = handler(
  { params: ContractPath, body: PutContractBody, callers: ["member_cert"], activeMembers: true },
  ({ params, body }) => {
    const id = params.contractId;
    if (acceptedContracts.has(id)) throw new ApiError("ContractAlreadyAccepted");
    if (!body.data) throw new ApiError("DataMissing");

    const current = versionOf(contracts, id);
    if (current && !body.version) throw new ApiError("ContractAlreadyExists");
    if (current && body.version !== current) throw new ApiError("PreconditionFailed");

    contracts.set(id, { data: body.data });
  },
);
