import { changed, type Policy, type PolicyChange } from "../../src/kv/policyChange.js";
import { cleanRoomPolicy } from "../../src/kv/tables.js";
import { action } from "../action.js";
import { type Check, acceptedContract, anyObject, oneOf, optional } from "../arguments.js";
import { entries } from "../tables.js";

const PolicyType: Check<unknown> = (value, field) => {
  if (value !== "snp-caci") throw new Error(`${field} must be snp-caci, the only platform whose evidence this service verifies`);
  return value;
};

const policyOf = (contractId: string): Policy => new Map(entries(cleanRoomPolicy(contractId)));

function after(policy: Policy, change: PolicyChange): Policy {
  const result = changed(policy, change);
  if (typeof result === "string") throw new Error(result);
  return result;
}

/*! Which clean rooms may act for a contract: those whose evidence has, for each claim of the policy, one of its values. */
action(
  "set_clean_room_policy",
  { contractId: acceptedContract, type: oneOf("add", "remove"), claims: anyObject, policyType: optional(PolicyType) },
  {
    validate: ({ contractId, type, claims }, plan) => {
      const policy = (plan.get(`policy ${contractId}`) as Policy | undefined) ?? policyOf(contractId);
      plan.set(`policy ${contractId}`, after(policy, { type, claims }));
    },
    effect: ({ contractId, type, claims }) => {
      const policy = after(policyOf(contractId), { type, claims });
      const rows = cleanRoomPolicy(contractId);
      for (const name of Object.keys(claims)) {
        const values = policy.get(name);
        if (values) rows.set(name, values);
        else rows.delete(name);
      }
    },
  },
);
