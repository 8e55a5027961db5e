import type { ReleasePolicy } from "../../vault.js";

export type Claims = Readonly<Record<string, unknown>>;
type Branch = ReleasePolicy["anyOf"][number];

/** The authorities whose tokens a policy may believe. */
export function authoritiesOf({ anyOf }: ReleasePolicy): string[] {
  return [...new Set(anyOf.map(({ authority }) => authority))];
}

/**
 * Whether claims that an authority has signed satisfy a policy: all conditions of one branch of that authority. A condition with a dot
 * reads an inner claim. https://learn.microsoft.com/azure/key-vault/keys/policy-grammar
 */
export function satisfies(claims: Claims, authority: string, { anyOf }: ReleasePolicy): boolean {
  return anyOf.some((branch) => branch.authority === authority && holds(claims, branch));
}

function holds(claims: Claims, { allOf }: Branch): boolean {
  return allOf.length > 0 && allOf.every(({ claim, equals }) => valueOf(claims, claim) === equals);
}

function valueOf(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: unknown = claims;
  for (const word of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, word)) return undefined;
    value = (value as Claims)[word];
  }
  return value;
}

/** What a party has sent as a policy, where it is one. Of `anyOf` and `allOf` only this nesting is understood; nothing is passed over. */
export function releasePolicyIn(value: unknown): ReleasePolicy | undefined {
  if (!hasExactly(value, ["version", "anyOf"]) || value.version !== "1.0.0") return undefined;
  const { anyOf } = value;
  return Array.isArray(anyOf) && anyOf.length > 0 && anyOf.every(isBranch) ? (value as unknown as ReleasePolicy) : undefined;
}

function isBranch(value: unknown): boolean {
  if (!hasExactly(value, ["authority", "allOf"]) || typeof value.authority !== "string" || !URL.canParse(value.authority)) return false;
  return Array.isArray(value.allOf) && value.allOf.length > 0 && value.allOf.every(isCondition);
}

function isCondition(value: unknown): boolean {
  if (!hasExactly(value, ["claim", "equals"]) || typeof value.claim !== "string") return false;
  return ["string", "number", "boolean"].includes(typeof value.equals);
}

function hasExactly(value: unknown, names: readonly string[]): value is Claims {
  if (typeof value !== "object" || value === null) return false;
  return Object.keys(value).length === names.length && names.every((name) => Object.hasOwn(value, name));
}
