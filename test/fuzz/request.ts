import fc from "fast-check";
import type { EndpointProperties } from "../../client/governance/application.js";
import { broken, described, type Schema } from "./schema.js";

/** An operation of the deployed application, as its bundle describes it. */
export type Operation = { readonly method: string; readonly url: string; readonly endpoint: EndpointProperties };

type Parameter = { readonly in: "path" | "query"; readonly name: string; readonly schema: Schema };

export type OpenApi = {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly "application/json": { readonly schema: Schema } } };
  /** By status; `default` stands for refusals. */
  readonly responses: Readonly<Record<string, { readonly content?: { readonly "application/json": { readonly schema: Schema } } }>>;
};

export const openApiOf = ({ endpoint }: Operation): OpenApi => endpoint.openapi as OpenApi;

export type FuzzedRequest = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
};

/** Any text, in the characters that a URL may consist of; some escapes are broken. */
const inUrl = fc.oneof(
  fc.string({ unit: "binary" }).map((text) => encodeURIComponent(text)),
  fc.stringMatching(/^[A-Za-z0-9._~!$'()*+,;:@%-]{0,200}$/),
);

/** What is there, so that more is reached than its absence. */
export type Known = {
  /** By parameter of the path. */
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  /** Queries that are right, by operation. */
  readonly queries: Readonly<Record<string, readonly string[]>>;
  /** Bodies that are right, by operation; of operations for clean rooms, what they hold besides evidence and signature. */
  readonly bodies: Readonly<Record<string, readonly object[]>>;
};

/**
 * Requests to an operation: paths, queries and bodies as its schemas describe them, others close to those, and anything at all.
 *
 * @param meant bodies besides those, most of which are right
 */
export function requestsTo(operation: Operation, known: Known, meant?: fc.Arbitrary<string>): fc.Arbitrary<FuzzedRequest> {
  const any = bodies(openApiOf(operation));
  const body = meant ? fc.oneof({ weight: 1, arbitrary: any }, { weight: 3, arbitrary: meant }) : any;
  return fc.record({ url: urls(operation, known), headers: HEADERS, body });
}

/** Bodies that are right, and others close to those. */
export function nearly(right: readonly object[]): fc.Arbitrary<string> {
  const one = fc.constantFrom(...right);
  return fc.oneof<fc.Arbitrary<unknown>[]>(one, broken(one)).map((value) => JSON.stringify(value));
}

function urls(operation: Operation, { parameters: values, queries: right }: Known): fc.Arbitrary<string> {
  const { parameters = [] } = openApiOf(operation);
  const schemaOf = (name: string): Schema => parameters.find((one) => one.in === "path" && one.name === name)?.schema ?? {};
  const segments = operation.url.split("/").map((segment) => {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name === undefined) return fc.constant(segment);
    const known = values[name];
    if (!known) throw new Error(`the fuzz knows no ${name}`);
    return pathSegment(schemaOf(name), known);
  });
  const query = queries(parameters, right[String(operation.endpoint.js_function)] ?? []);
  return fc.tuple(fc.tuple(...segments), query).map(([path, query]) => `/app${path.join("/")}${query}`);
}

function pathSegment(schema: Schema, known: readonly string[]): fc.Arbitrary<string> {
  const wellFormed = described(schema).map((value) => encodeURIComponent(String(value)));
  const segment = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...known) }, wellFormed, inUrl);
  return segment.filter((text) => text !== "");
}

function queries(parameters: readonly Parameter[], right: readonly string[]): fc.Arbitrary<string> {
  const declared = parameters.filter((one) => one.in === "query");
  const pair = fc.oneof(
    ...declared.map(({ name, schema }) => described(schema).map((value) => `${name}=${encodeURIComponent(String(value))}`)),
    ...declared.map(({ name }) => inUrl.map((value) => `${name}=${value}`)),
    fc.tuple(inUrl, inUrl).map(([name, value]) => `${name}=${value}`),
    fc.constantFrom("&", "=", "?", "api-version=2024-07-01", "__proto__=1", "constructor=", "%"),
  );
  const query = fc.array(pair, { maxLength: 4 }).map((pairs) => `?${pairs.join("&")}`);
  const none = fc.constant("");
  if (right.length === 0) return fc.oneof(none, query);
  const good = fc.constantFrom(...right);
  const joined = fc.tuple(good, pair).map(([text, more]) => `?${text}&${more}`);
  return fc.oneof({ weight: 4, arbitrary: good.map((text) => `?${text}`) }, { weight: 2, arbitrary: joined }, none, query);
}

const HEADERS = fc.dictionary(
  fc.constantFrom("content-type", "accept", "authorization", "x-ms-ccf-transaction-id", "content-encoding", "x-custom"),
  fc.oneof(
    fc.constantFrom("application/json", "application/cose", "text/plain", "Bearer x.y.z", "2.1", "0.0", "gzip"),
    fc.string({ unit: "binary-ascii" }),
  ),
  { maxKeys: 2 },
);

/** JSON that is nested so deeply, or is so long, that nobody means it. */
const huge = fc.oneof(
  fc.integer({ min: 50, max: 20_000 }).map((depth) => `${"[".repeat(depth)}${"]".repeat(depth)}`),
  fc.integer({ min: 50, max: 20_000 }).map((depth) => `${'{"data":'.repeat(depth)}1${"}".repeat(depth)}`),
  fc.integer({ min: 10, max: 20 }).map((bits) => `{"data":"${"é".repeat(2 ** bits)}","value":"${"x".repeat(2 ** bits)}"}`),
);

function bodies({ requestBody }: OpenApi): fc.Arbitrary<string | Uint8Array> {
  const strange = [fc.string({ unit: "binary" }), fc.uint8Array(), fc.json(), huge, fc.constant('{"__proto__":{"data":1},"data":2}')];
  const schema = requestBody?.content["application/json"].schema;
  const anything = fc.oneof({ weight: 4, arbitrary: fc.constant("") }, ...strange);
  if (!schema) return anything;
  const good = described(schema);
  const text = (value: unknown): string => JSON.stringify(value);
  return fc.oneof(
    { weight: 2, arbitrary: good.map(text) },
    { weight: 2, arbitrary: broken(good).map(text) },
    { weight: 1, arbitrary: anything },
  );
}
