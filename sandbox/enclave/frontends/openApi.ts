import type { AppRoute } from "./appRoutes.js";
import type { Endpoint } from "./endpoint.js";
import { ANSWER, COMPONENTS } from "./openApiComponents.js";
import { CCF_VERSION } from "./version.js";

/** What a document says of its front end. */
export type About = {
  readonly title: string;
  readonly description: string;
  readonly version: string;
  /** By the names that operations require under `security`. */
  readonly securitySchemes?: Readonly<Record<string, unknown>>;
};

type PathItem = Record<string, unknown>;

/**
 * The OpenAPI document of a front end: its own endpoints, and those of the installed application with the `openapi` that governance gave
 * them. Under one path and verb the fields of CCF's own endpoint come before those of the application.
 */
export function openApi(
  { securitySchemes, ...info }: About,
  prefix: string,
  builtIns: readonly { readonly verb: string; readonly template: string; readonly target: Endpoint }[],
  rows: readonly AppRoute[] = [],
): object {
  const paths: Record<string, PathItem> = {};
  for (const { verb, template, target } of builtIns) {
    const item = (paths[prefix + template] ??= {});
    const { responses = { 200: { description: ANSWER } }, ...more } = target.operation ?? {};
    item[verb.toLowerCase()] = { ...more, responses: { ...(responses as object), default: { $ref: "#/components/responses/default" } } };
    const parameters = pathParameters(template);
    if (parameters.length > 0) item.parameters = parameters;
  }
  for (const { verb, path, properties } of rows) {
    if (properties.openapi_hidden === true) continue;
    const item = (paths[prefix + path] ??= {});
    item[verb.toLowerCase()] = { ...(properties.openapi as object | undefined), ...(item[verb.toLowerCase()] as object | undefined) };
  }
  return {
    components: { ...COMPONENTS, ...(securitySchemes && { securitySchemes }) },
    info,
    openapi: "3.0.0",
    paths: sorted(paths),
    servers: [],
  };
}

/** The version of CCF's own interfaces is not known of each release: that of the release stands for it. */
export const OWN_VERSION = CCF_VERSION.replace("ccf-", "");

const pathParameters = (template: string): readonly object[] =>
  [...template.matchAll(/\{([^}]*)\}/g)].map(([, name]) => ({ in: "path", name, required: true, schema: { type: "string" } }));

const sorted = (paths: Record<string, PathItem>): object => Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1)));
