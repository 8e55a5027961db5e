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

/** Requests to an operation: paths, queries and bodies as its schemas describe them, others close to those, and anything at all. */
export function requestsTo(operation: Operation, knownIds: readonly string[]): fc.Arbitrary<FuzzedRequest> {
  return fc.record({ url: urls(operation, knownIds), headers: HEADERS, body: bodies(openApiOf(operation)) });
}

function urls(operation: Operation, knownIds: readonly string[]): fc.Arbitrary<string> {
  const { parameters = [] } = openApiOf(operation);
  const schemaOf = (name: string): Schema => parameters.find((one) => one.in === "path" && one.name === name)?.schema ?? {};
  const segments = operation.url.split("/").map((segment) => {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    return name === undefined ? fc.constant(segment) : pathSegment(schemaOf(name), knownIds);
  });
  return fc.tuple(fc.tuple(...segments), queries(parameters)).map(([path, query]) => `/app${path.join("/")}${query}`);
}

function pathSegment(schema: Schema, knownIds: readonly string[]): fc.Arbitrary<string> {
  const wellFormed = described(schema).map((value) => encodeURIComponent(String(value)));
  return fc.oneof(fc.constantFrom(...knownIds), wellFormed, inUrl).filter((segment) => segment !== "");
}

function queries(parameters: readonly Parameter[]): fc.Arbitrary<string> {
  const declared = parameters.filter((one) => one.in === "query");
  const pair = fc.oneof(
    ...declared.map(({ name, schema }) => described(schema).map((value) => `${name}=${encodeURIComponent(String(value))}`)),
    ...declared.map(({ name }) => inUrl.map((value) => `${name}=${value}`)),
    fc.tuple(inUrl, inUrl).map(([name, value]) => `${name}=${value}`),
    fc.constantFrom("&", "=", "?", "api-version=2024-07-01", "__proto__=1", "%"),
  );
  return fc.oneof(
    fc.constant(""),
    fc.array(pair, { maxLength: 4 }).map((pairs) => `?${pairs.join("&")}`),
  );
}

const HEADERS = fc.dictionary(
  fc.constantFrom("content-type", "accept", "authorization", "x-ms-ccf-transaction-id", "content-encoding", "x-custom"),
  fc.oneof(
    fc.constantFrom("application/json", "application/cose", "text/plain", "Bearer x.y.z", "2.1", "0.0", "gzip"),
    fc.string({ unit: "binary-ascii" }),
  ),
);

function bodies({ requestBody }: OpenApi): fc.Arbitrary<string | Uint8Array> {
  const anything = [fc.constant(""), fc.string({ unit: "binary" }), fc.uint8Array(), fc.json()];
  const schema = requestBody?.content["application/json"].schema;
  if (!schema) return fc.oneof(...anything);
  const good = described(schema);
  const text = (value: unknown): string => JSON.stringify(value);
  return fc.oneof(
    { weight: 4, arbitrary: good.map(text) },
    { weight: 4, arbitrary: broken(good).map(text) },
    ...anything.map((arbitrary) => ({ weight: 1, arbitrary })),
  );
}
