import type { FromSchema, JSONSchema } from "json-schema-to-ts";

/** One way in which a value breaks a schema. */
export type Violation = {
  /** JSON pointer (RFC 6901) to the offending value, empty for the value as a whole. */
  readonly instancePath: string;
  /** Reads on from the pointer: "must be string". */
  readonly message?: string;
};

/** Checks a value; after a refusal `errors` says why. */
export type Validator<T> = {
  (value: unknown): value is T;
  errors?: readonly Violation[] | null;
};

/** What an answer looks like: for types and for OpenAPI. Nothing of it is left in the bundle. */
export type Shape<T> = { readonly kind: "shape"; readonly definition: JSONSchema; readonly type?: T };

/** The type of the values that a validator accepts, or that a shape describes. */
export type TypeOf<M> = M extends Validator<infer T> | Shape<infer T> ? T : never;

/** What `schema` and `extending` really return while the build runs. */
export type SchemaSource = {
  readonly kind: "schema";
  readonly definition: JSONSchema;
  /** What is checked before, by the validator of another schema, and what is left to check then. */
  readonly extension?: { readonly base: SchemaSource; readonly own: JSONSchema };
};

/**
 * Declares what an endpoint accepts.
 *
 * Schemas are compiled when the bundle is built: there, and so inside CCF, each export of a file in this folder that was made here IS the
 * validator. Only the build itself sees the definition.
 */
export const schema = <const S extends JSONSchema>(definition: S): Validator<FromSchema<S>> =>
  ({ kind: "schema", definition }) satisfies SchemaSource as unknown as Validator<FromSchema<S>>;

type Properties = Readonly<Record<string, JSONSchema>>;

/**
 * Declares a schema of all that another one accepts, where further properties are as described. The validator of the other one is shared
 * between all that extend it: validators of long schemas are long.
 */
export const extending = <B, const P extends Properties>(
  base: Validator<B>,
  properties: P,
): Validator<B & FromSchema<{ readonly type: "object"; readonly properties: P }>> => {
  const source = base as unknown as SchemaSource;
  const { properties: inherited } = source.definition as { readonly properties: Properties };
  const extended: SchemaSource = {
    kind: "schema",
    definition: { type: "object", properties: { ...inherited, ...properties } },
    extension: { base: source, own: { type: "object", properties } },
  };
  return extended as never;
};

/** Declares what an endpoint answers. */
export const shape = <const S extends JSONSchema>(definition: S): Shape<FromSchema<S>> => ({ kind: "shape", definition });
