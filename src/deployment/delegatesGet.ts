import { delegateKey } from "../attestation/policy.js";
import { handler } from "../http/handler.js";
import { delegatePolicies } from "../kv/tables.js";
import { DelegatePath, DelegateView } from "../model/delegate.js";
import { delegateAt } from "./delegates.js";

/**
 * POST /contracts/{contractId}/cleanroompolicy/delegates/{delegateType}/{delegateId}: the claims by which others are let in for one purpose.
 * There are none for a purpose that nobody has been let in for.
 */
export const getDelegate = handler({ params: DelegatePath, returns: DelegateView }, ({ params }) => {
  const claims = delegatePolicies(params.contractId).get(delegateKey(delegateAt(params))) ?? {};
  return { claims: Object.fromEntries(Object.entries(claims).map(([name, values]) => [name, [...values]])) };
});
