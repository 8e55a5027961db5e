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

/** What `schema` really returns while the build runs. */
export type SchemaSource = { readonly kind: "schema"; readonly definition: JSONSchema };

/**
 * Declares what an endpoint accepts.
 *
 * Schemas are compiled when the bundle is built: there, and so inside CCF, each export of a file in this folder that was made here IS the
 * validator. Only the build itself sees the definition.
 */
export const schema = <const S extends JSONSchema>(definition: S): Validator<FromSchema<S>> =>
  ({ kind: "schema", definition }) satisfies SchemaSource as unknown as Validator<FromSchema<S>>;

/** Declares what an endpoint answers. */
export const shape = <const S extends JSONSchema>(definition: S): Shape<FromSchema<S>> => ({ kind: "shape", definition });
