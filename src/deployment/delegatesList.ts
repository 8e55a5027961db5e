import { handler } from "../http/handler.js";
import { keysOf } from "../kv/rows.js";
import { delegatePolicies } from "../kv/tables.js";
import { ContractPath } from "../model/contract.js";
import { DelegateList } from "../model/delegate.js";

/** GET /contracts/{contractId}/cleanroompolicy/delegates: for which purposes the clean rooms of the contract have let in others. */
export const listDelegates = handler({ params: ContractPath, returns: DelegateList }, ({ params: { contractId } }) => {
  const keys = keysOf(delegatePolicies(contractId)).sort();
  const value = keys.map((key) => {
    const colon = key.indexOf(":"); // a type has none
    return { delegateType: key.slice(0, colon), delegateId: key.slice(colon + 1) };
  });
  return { value };
});
