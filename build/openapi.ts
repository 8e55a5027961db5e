import type { SchemaSource, Shape } from "../src/model/schema.js";
import type { Json } from "./canonical.js";

type ObjectSchema = { readonly properties?: Readonly<Record<string, Json>>; readonly required?: readonly string[] };

/** What the wrapper of every endpoint keeps of its declaration. */
export type DeclaredSpec = {
  readonly params?: SchemaSource;
  readonly query?: SchemaSource;
  readonly body?: SchemaSource;
  readonly certificateOrBody?: true;
  readonly returns?: Shape<unknown>;
  readonly status?: 204;
  readonly pending?: true;
  readonly callers?: readonly string[];
  readonly activeMembers?: true;
};

const ERROR: Json = {
  type: "object",
  properties: { error: { type: "object", properties: { code: { type: "string" }, message: { type: "string" } } } },
};

const content = (schema: Json): Json => ({ "application/json": { schema } });

function parameters(place: "path" | "query", declared: SchemaSource | undefined): Json[] {
  if (!declared) return [];
  const { properties = {}, required = [] } = declared.definition as ObjectSchema;
  return Object.entries(properties).map(([name, schema]) => ({ name, in: place, required: required.includes(name), schema }));
}

/** The OpenAPI operation of an endpoint: a node shows it at `/app/api`. */
export function operationOf({ params, query, body, certificateOrBody, returns, status, pending }: DeclaredSpec): Json {
  return {
    parameters: [...parameters("path", params), ...parameters("query", query)],
    ...(body && { requestBody: { required: !certificateOrBody, content: content(body.definition as Json) } }),
    responses: {
      [status ?? 200]: { description: "Done.", ...(returns && { content: content(returns.definition as Json) }) },
      ...(pending && { "202": { description: "Not yet read from the ledger: repeat the request after the seconds of retry-after." } }),
      default: { description: "Refused.", content: content(ERROR) },
    },
  };
}
