import type { Specification } from "./specification.js";

/**
 * Stands in names of keys and secrets for the id of the contract, which is not known yet when data is added. A key encryption key is made
 * for one contract, and what it wraps is another secret for each.
 */
export const contractIdPlace = "{contractId}";

/** The name under one contract. */
export function nameUnder(contractId: string, name: string): string {
  return name.replaceAll(contractIdPlace, contractId);
}

/** The specification with the names that its keys and secrets have under one contract. */
export function underContract<S extends Specification>(specification: S, contractId: string): S {
  return named(specification, contractId, false) as S;
}

function named(value: unknown, contractId: string, inSecrets: boolean): unknown {
  if (typeof value === "string") return inSecrets ? nameUnder(contractId, value) : value;
  if (Array.isArray(value)) return value.map((item) => named(item, contractId, inSecrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, named(inner, contractId, inSecrets || key === "encryptionSecrets")]),
  );
}
