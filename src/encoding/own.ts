/** A field that the proposer wrote, never one that every JavaScript object inherits (`constructor`, `__proto__`...). */
export const own = (value: unknown, field: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, field) ? (value as Record<string, unknown>)[field] : undefined;
