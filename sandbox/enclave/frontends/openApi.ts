import { json, type HttpResponse } from "../http/message.js";
import type { AppRoute } from "./appRoutes.js";

/** `/app/api`: the OpenAPI document of the installed application, from the `openapi` fields of its endpoints. */
export function openApi(rows: readonly AppRoute[]): HttpResponse {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { verb, path, properties } of rows) {
    if (properties.openapi_hidden === true) continue;
    const operation = (properties.openapi ?? {}) as Record<string, unknown>;
    const item = (paths[path] ??= {});
    item[verb.toLowerCase()] = { responses: { default: { $ref: "#/components/responses/default" } }, ...parameters(path), ...operation };
  }
  return json(200, {
    openapi: "3.0.0",
    info: { title: "CCF application", version: "0.0.1" },
    servers: [{ url: "/app" }],
    paths,
    components: { responses: { default: { description: "An error occurred" } } },
  });
}

function parameters(path: string): { parameters?: unknown } {
  const names = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name);
  if (names.length === 0) return {};
  return { parameters: names.map((name) => ({ in: "path", name, required: true, schema: { type: "string" } })) };
}
