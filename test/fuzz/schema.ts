import fc from "fast-check";

/** The part of JSON schema that the application's own schemas use. */
export type Schema = {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
};

/** Values that a schema describes, or nearly so: only shape and type are kept, further limits (lengths, say) are not. */
export function described(schema: Schema): fc.Arbitrary<unknown> {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map(described));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  return types.length === 0 ? fc.jsonValue({ maxDepth: 3 }) : fc.oneof(...types.map((type) => ofType(type, schema)));
}

function ofType(type: string, schema: Schema): fc.Arbitrary<unknown> {
  switch (type) {
    case "string":
      return schema.pattern === undefined ? fc.string({ unit: "binary" }) : fc.stringMatching(new RegExp(schema.pattern));
    case "integer":
      return fc.integer({ min: schema.minimum ?? -10, max: schema.maximum ?? 1000 });
    case "number":
      return fc.double({ noNaN: true });
    case "boolean":
      return fc.boolean();
    case "array":
      return fc.array(described(schema.items ?? {}), { maxLength: 4 });
    case "object":
      return fc.record(Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, field]) => [name, described(field)])), {
        requiredKeys: [...(schema.required ?? [])],
      });
    default:
      return fc.constant(null);
  }
}

/** What clients get wrong, and attackers try. */
const STRANGE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  2 ** 53,
  "",
  "\u0000",
  "__proto__",
  "constructor",
  "a".repeat(10_000),
  [],
  {},
  [[]],
  { __proto__: null, constructor: 1 },
];

/** A value with one part of it replaced, left out, wrapped or joined by another. */
export function broken(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const other = fc.oneof(fc.constantFrom(...STRANGE), fc.jsonValue({ maxDepth: 2 }));
  const how = fc.constantFrom("replace" as const, "omit" as const, "wrap" as const, "join" as const);
  return fc.tuple(value, fc.nat(), how, other).map(([whole, where, change, part]) => {
    const paths = pathsOf(whole);
    return changed(whole, paths[where % paths.length] ?? [], change, part);
  });
}

function pathsOf(value: unknown): string[][] {
  if (typeof value !== "object" || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([name, child]) => pathsOf(child).map((path) => [name, ...path]))];
}

function changed(value: unknown, path: readonly string[], change: "replace" | "omit" | "wrap" | "join", part: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) {
    if (change === "wrap") return [value];
    if (change === "join" && typeof value === "object" && value !== null) return { ...value, unexpected: part };
    return part;
  }
  const entries = Object.entries(value as Record<string, unknown>).flatMap(([key, child]) => {
    if (key !== name) return [[key, child] as const];
    return change === "omit" && rest.length === 0 ? [] : [[key, changed(child, rest, change, part)] as const];
  });
  return Array.isArray(value) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
}
