import { own } from "../encoding/own.js";
import { CLAIMS, IDENTIFYING_CLAIMS } from "../model/claims.js";

/** Claim name to the accepted values, none of them twice. */
export type Policy = ReadonlyMap<string, readonly unknown[]>;

export type PolicyChange = {
  readonly type: "add" | "remove";
  /** Claim name to a value, or to a list of values any of which will do. */
  readonly claims: Readonly<Record<string, unknown>>;
};

/** More of one claim would say that the claim decides nothing; and a policy is read with every request. */
const MAX_VALUES = 100;
const MAX_LENGTH = 1024;
const UINT32 = 2 ** 32 - 1;

type Claim = { readonly type: string; readonly pattern?: string };

/** What keeps evidence from carrying the claim with this value. */
function problemWithValue({ type, pattern = "" }: Claim, value: unknown): string | undefined {
  if (type === "boolean") return typeof value === "boolean" ? undefined : "must be true or false";
  if (type === "number") {
    const fits = Number.isInteger(value) && (value as number) >= 0 && (value as number) <= UINT32;
    return fits ? undefined : `must be an integer from 0 to ${UINT32}`;
  }
  const fits = typeof value === "string" && value.length <= MAX_LENGTH && new RegExp(pattern).test(value);
  return fits ? undefined : `must be a text that matches ${pattern}`;
}

function problemWithClaim(name: string, given: unknown): string | undefined {
  const claim = own(CLAIMS, name) as Claim | undefined;
  if (!claim) return `claims.${name} is not a claim that the evidence of a clean room carries`;
  if (!Array.isArray(given)) return problemOf(`claims.${name}`, problemWithValue(claim, given));
  if (given.length === 0) return `claims.${name} must not be empty`;
  if (given.length > MAX_VALUES) return tooMany(name);
  const problems = given.map((value, i) => problemOf(`claims.${name}[${i}]`, problemWithValue(claim, value)));
  return problems.find((problem) => problem !== undefined);
}

const problemOf = (field: string, problem: string | undefined) => problem && `${field} ${problem}`;
const tooMany = (name: string) => `claims.${name} would have more than ${MAX_VALUES} values`;

/*! A policy that says neither which software runs nor what was launched would let in every genuine machine. */
export const isIdentifying = (policy: Policy): boolean => IDENTIFYING_CLAIMS.some((name) => policy.has(name));

/*!
 * What a change makes of a policy: one that is empty, or says which software runs; or, as a text, what is wrong with the change.
 * Values of a flag replace those before: a clean room with the flag set is another than one without. Others join those before.
 */
export function changed(policy: Policy, { type, claims }: PolicyChange): Policy | string {
  const result = new Map(policy);
  if (Object.keys(claims).length === 0) return "claims must not be empty";
  for (const [name, given] of Object.entries(claims)) {
    const problem = problemWithClaim(name, given);
    if (problem !== undefined) return problem;
    const values = (Array.isArray(given) ? given : [given]) as readonly unknown[];
    const after = new Set(type === "add" && typeof values[0] === "boolean" ? [] : result.get(name));
    for (const value of new Set(values)) {
      if (type === "add") after.add(value);
      else if (!after.delete(value)) return `claims.${name} does not have the value ${JSON.stringify(value)} that is to be removed`;
    }
    if (after.size > MAX_VALUES) return tooMany(name);
    if (after.size > 0) result.set(name, [...after]);
    else result.delete(name);
  }
  if (result.size === 0 || isIdentifying(result)) return result;
  return `the policy would let in any software: it must name ${IDENTIFYING_CLAIMS.join(" or ")}`;
}
