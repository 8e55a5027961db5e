import { own } from "../../src/encoding/own.js";
import { cleanRoomPolicy } from "../../src/kv/tables.js";
import { CLAIMS, IDENTIFYING_CLAIMS } from "../../src/model/claims.js";
import { action } from "../action.js";
import { type Check, acceptedContract, anyObject, boolean, integer, listOf, matching, nonEmpty, oneOf, optional } from "../arguments.js";
import { entries } from "../tables.js";

/** Claim to the values that are let in, none of them twice. */
type Policy = ReadonlyMap<string, readonly unknown[]>;

const UINT32 = integer(0, 2 ** 32 - 1);

function valueOf(claim: (typeof CLAIMS)[keyof typeof CLAIMS]): Check<unknown> {
  if (claim.type === "string") return matching(new RegExp(claim.pattern), `a text that matches ${claim.pattern}`);
  return claim.type === "number" ? UINT32 : boolean;
}

/*! Claims that evidence can carry, each with a value, or a list of values any of which will do. */
const Claims: Check<Policy> = (value, field) => {
  const claims = Object.entries(anyObject(value, field));
  if (claims.length === 0) throw new Error(`${field} must not be empty`);
  return new Map(
    claims.map(([name, given]) => {
      const claim = own(CLAIMS, name) as Parameters<typeof valueOf>[0] | undefined;
      if (!claim) throw new Error(`${field}.${name} is not a claim that the evidence of a clean room carries`);
      const where = `${field}.${name}`;
      const values = Array.isArray(given) ? nonEmpty(listOf(valueOf(claim)))(few(given, where), where) : [valueOf(claim)(given, where)];
      return [name, [...new Set(values)]];
    }),
  );
};

/** More of one claim would say that the claim decides nothing; and checking many changes must end within CCF's time limit. */
const MAX_VALUES = 100;

function few(values: readonly unknown[], field: string): readonly unknown[] {
  if (values.length > MAX_VALUES) throw new Error(`${field} would have more than ${MAX_VALUES} values`);
  return values;
}

const PolicyType: Check<unknown> = (value, field) => {
  if (value !== "snp-caci") throw new Error(`${field} must be snp-caci, the only platform whose evidence this service verifies`);
  return value;
};

/*! The policy as the change leaves it. Values of a flag replace those before: a clean room with the flag set is another than one without. */
function changed(policy: Policy, type: "add" | "remove", claims: Policy): Policy {
  const result = new Map(policy);
  for (const [name, values] of claims) {
    const isFlag = typeof values[0] === "boolean";
    const after = new Set(type === "add" && isFlag ? [] : result.get(name));
    for (const value of values) {
      if (type === "add") after.add(value);
      else if (!after.delete(value))
        throw new Error(`claims.${name} does not have the value ${JSON.stringify(value)} that is to be removed`);
    }
    if (after.size === 0) result.delete(name);
    else result.set(name, few([...after], `claims.${name}`));
  }
  if (result.size > 0 && !IDENTIFYING_CLAIMS.some((name) => result.has(name))) {
    throw new Error(`the policy would let in any software: it must name ${IDENTIFYING_CLAIMS.join(" or ")}`);
  }
  return result;
}

const policyOf = (contractId: string): Policy => new Map(entries(cleanRoomPolicy(contractId)));

/*! Which clean rooms may act for a contract: those whose evidence has, for each claim of the policy, one of its values. */
action(
  "set_clean_room_policy",
  { contractId: acceptedContract, type: oneOf("add", "remove"), claims: Claims, policyType: optional(PolicyType) },
  {
    validate: ({ contractId, type, claims }, plan) => {
      const policy = (plan.get(`policy ${contractId}`) as Policy | undefined) ?? policyOf(contractId);
      plan.set(`policy ${contractId}`, changed(policy, type, claims));
    },
    effect: ({ contractId, type, claims }) => {
      const policy = changed(policyOf(contractId), type, claims);
      const rows = cleanRoomPolicy(contractId);
      for (const name of claims.keys()) {
        const values = policy.get(name);
        if (values) rows.set(name, values);
        else rows.delete(name);
      }
    },
  },
);
