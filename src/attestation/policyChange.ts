import { own } from "../encoding/own.js";
import { CLAIMS, IDENTIFYING_CLAIMS } from "../model/claims.js";
import { isIdentifying, type Policy } from "./policy.js";

export type PolicyChange = {
  readonly type: "add" | "remove";
  /** Claim name to a value or a list of values. */
  readonly claims: Readonly<Record<string, unknown>>;
};

/** A policy is read with every request. */
const MAX_VALUES = 100;
const MAX_LENGTH = 1024;

/** Whether evidence can carry the claim with this value. */
export function isClaim(name: string, value: unknown): boolean {
  const claim = own(CLAIMS, name) as { readonly type: string; readonly pattern?: string } | undefined;
  if (typeof value !== claim?.type) return false;
  if (typeof value === "string") return value.length <= MAX_LENGTH && new RegExp(claim.pattern ?? "").test(value);
  return typeof value === "boolean" || (Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32);
}

/**
 * What a change makes of a policy, which stays as it is. A boolean replaces the one before; any other value joins those before.
 *
 * @returns the policy, which is empty or says which software runs; or what is wrong with the change
 */
export function changed(policy: Policy, { type, claims }: PolicyChange): Policy | string {
  const result = new Map(policy);
  for (const [name, given] of Object.entries(claims)) {
    const values = (Array.isArray(given) ? given : [given]) as readonly unknown[];
    if (values.length === 0 || !values.every((value) => isClaim(name, value))) return `${name} is no claim, or has no such value`;
    const after = new Set(type === "add" && typeof values[0] === "boolean" ? [] : result.get(name));
    for (const value of values) {
      if (type === "add") after.add(value);
      else if (!after.delete(value)) return `${name} has no value ${JSON.stringify(value)} that could be removed`;
    }
    if (after.size > MAX_VALUES) return `${name} has more than ${MAX_VALUES} values`;
    if (after.size > 0) result.set(name, [...after]);
    else result.delete(name);
  }
  if (result.size > 0 && !isIdentifying(result))
    return `must name ${IDENTIFYING_CLAIMS.join(" or ")}: anything else would let in any software`;
  return result;
}
