export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** The value as its JSON has it: no functions, no undefined fields, no prototypes. */
export const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The names in an object, sorted; of anything else its type. */
export const keysOf = (value: unknown): string[] | string =>
  typeof value === "object" && value !== null ? Object.keys(value).sort() : typeof value;
