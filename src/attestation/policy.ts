import { ApiError } from "../http/errors.js";
import { isIdentifying, type Policy } from "../kv/policyChange.js";
import { cleanRoomPolicy, delegatePolicies } from "../kv/tables.js";
import { IDENTIFYING_CLAIMS } from "../model/claims.js";
import type { Claims } from "./claims.js";

/** A purpose for which a clean room has let in others. */
export type Delegate = { readonly type: string; readonly id: string };

const MEASUREMENT = "x-ms-sevsnpvm-launchmeasurement";

/**
 * What keeps evidence from meeting a policy: every claim that the policy names must have one of the values accepted for it, in value and
 * type. Undefined where nothing does.
 *
 * The launch measurement must be accounted for as well, because host data are only what the host says unless the software that reads them
 * is known: either the policy names the measurement, or the publisher of the utility VM endorses it.
 */
export function mismatch(policy: Policy, claims: Claims): string | undefined {
  if (!isIdentifying(policy)) return `the policy names none of ${IDENTIFYING_CLAIMS.join(", ")}: propose a policy that does`;
  for (const [name, accepted] of policy) {
    const value = claims(name);
    if (value === undefined) return `the evidence says nothing about ${name}, which the policy names`;
    if (!accepted.includes(value)) return `${name} is ${JSON.stringify(value)}, the policy wants ${accepted.map(shown).join(" or ")}`;
  }
  if (policy.has(MEASUREMENT) || claims("uvm_endorsements-did") !== undefined) return undefined;
  return `attestation.uvm_endorsements is missing: send it, or propose a policy that names ${MEASUREMENT}`;
}

const shown = (value: unknown): string => JSON.stringify(value);

/** @throws ApiError VerifySnpAttestationFailed where the members have agreed on none */
export function policyOf(contractId: string): Policy {
  const policy = new Map<string, readonly unknown[]>();
  cleanRoomPolicy(contractId).forEach((values, name) => policy.set(name, values));
  if (policy.size === 0) {
    throw new ApiError("VerifySnpAttestationFailed", `The contract ${contractId} has no clean room policy: propose set_clean_room_policy.`);
  }
  return policy;
}

export const delegateKey = ({ type, id }: Delegate): string => `${type}:${id}`;

export const delegatePolicyOf = (contractId: string, delegate: Delegate): Policy | undefined => {
  const claims = delegatePolicies(contractId).get(delegateKey(delegate));
  return claims && new Map(Object.entries(claims));
};
