import { handler } from "../http/handler.js";
import { paged } from "../http/page.js";
import { keysOf } from "../kv/rows.js";
import { delegatePolicies } from "../kv/tables.js";
import { ContractPath } from "../model/contract.js";
import { DelegateList } from "../model/delegate.js";
import { PageQuery } from "../model/page.js";

/**
 * GET /contracts/{contractId}/cleanroompolicy/delegates: for which purposes the clean rooms of the contract have let in others; with `limit`,
 * a page of them. `after` is a type and an id with a colon between them.
 */
export const listDelegates = handler(
  { params: ContractPath, query: PageQuery, returns: DelegateList },
  ({ params: { contractId }, query: { limit, after } }) => {
    const path = `/app/contracts/${contractId}/cleanroompolicy/delegates`;
    return paged(keysOf(delegatePolicies(contractId)), { limit, after }, path, (key) => {
      const colon = key.indexOf(":"); // a type has none
      return { delegateType: key.slice(0, colon), delegateId: key.slice(colon + 1) };
    });
  },
);
