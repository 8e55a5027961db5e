import { readFile } from "node:fs/promises";
import path from "node:path";

export type Endpoint = {
  /** The file below `src/` that holds the operation, ending in `.js`. */
  readonly js_module: string;
  readonly js_function: string;
  readonly authn_policies: readonly string[];
  readonly mode: "readonly" | "readwrite" | "historical";
  readonly forwarding_required: "sometimes" | "always" | "never";
  /** Endpoints with the same key share interpreters. CCF keeps ten interpreters; a key that reads and writes takes two. */
  readonly interpreter_reuse: { readonly key: string };
};

/** `app.json`: URL to verb (lower case) to endpoint. */
export type AppMap = Readonly<Record<string, Readonly<Record<string, Endpoint>>>>;

export async function readAppMap(root: string): Promise<AppMap> {
  const { endpoints } = JSON.parse(await readFile(path.join(root, "app.json"), "utf8")) as { endpoints: AppMap };
  return endpoints;
}

/** All endpoints of the map, each with its place in it. */
export const endpointsOf = (map: AppMap): { url: string; verb: string; endpoint: Endpoint }[] =>
  Object.entries(map).flatMap(([url, verbs]) => Object.entries(verbs).map(([verb, endpoint]) => ({ url, verb, endpoint })));

/** The modules that CCF enters the application by, each once. */
export const entryModules = (map: AppMap): string[] => [...new Set(endpointsOf(map).map(({ endpoint }) => endpoint.js_module))].sort();
