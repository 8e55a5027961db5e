/** The few pieces of JSON Schema that the forms of a configuration are written with. */
export type Schema = Readonly<Record<string, unknown>>;

/** An object of exactly these fields; those whose name ends in `?` may be absent. */
export function object(fields: Readonly<Record<string, Schema>>): Schema {
  const properties = Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name.replace(/\?$/, ""), schema]));
  const required = Object.keys(fields).filter((name) => !name.endsWith("?"));
  return { type: "object", properties, required, additionalProperties: false };
}

/** A schema that stands under `definitions`. */
export const ref = (name: string): Schema => ({ $ref: `#/definitions/${name}` });
export const listOf = (items: Schema): Schema => ({ type: "array", items });
export const word = (...values: string[]): Schema => ({ type: "string", enum: values });
export const text: Schema = { type: "string" };
export const port: Schema = { type: "integer", minimum: 1, maximum: 65535 };

/** A name is also a folder of the clean room, and part of the name of a secret in a vault. */
export const name = {
  type: "string",
  pattern: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$",
  description: "a name of letters, digits, '-', '_' and '.'",
} as const satisfies Schema;
