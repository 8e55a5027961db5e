/** Levels of lists and objects. Deeper JSON could be read, but perhaps not written again within the stack of the interpreter. */
export const MAX_DEPTH = 64;

/** What keeps a JSON value from being written again as it was read; undefined if nothing does. */
export function problemWithJson(value: unknown, levels = MAX_DEPTH): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : "has a number that is too large";
  if (typeof value !== "object" || value === null) return undefined;
  if (levels === 0) return `is nested more than ${MAX_DEPTH} levels deep`;
  for (const child of Array.isArray(value) ? (value as unknown[]) : Object.values(value)) {
    const problem = problemWithJson(child, levels - 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
