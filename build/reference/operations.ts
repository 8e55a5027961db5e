import { readFile } from "node:fs/promises";
import path from "node:path";
import { ERRORS } from "../../src/http/errors.js";
import { endpointsOf, type AppMap, type Endpoint } from "../appMap.js";
import { complaints } from "./check.js";
import { docstringsOf, readDocstring, type Docstring } from "./docstring.js";

/** A route of the application, and what is said of the operation behind it. */
export type DocumentedRoute = {
  /** `GET /contracts` */
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly docstring: Docstring;
};

const errors: Readonly<Record<string, readonly [status: number, message: string]>> = ERRORS;

/** All routes in the order of the map. @throws Error where an operation has no docstring, or one that is not true */
export async function documentedRoutes(root: string, map: AppMap): Promise<DocumentedRoute[]> {
  const all = endpointsOf(map).map(({ url, verb, endpoint }) => ({ name: `${verb.toUpperCase()} ${url}`, endpoint }));
  const modules = new Map<string, ReadonlyMap<string, string>>();
  for (const name of new Set(all.map(({ endpoint }) => endpoint.js_module))) {
    modules.set(name, docstringsOf(await readFile(path.join(root, "src", name.replace(/\.js$/, ".ts")), "utf8")));
  }
  return all.map(({ name, endpoint }) => {
    const { js_module, js_function } = endpoint;
    const docstring = readDocstring(modules.get(js_module)?.get(js_function) ?? "");
    const own = all.filter((other) => other.endpoint.js_module === js_module && other.endpoint.js_function === js_function);
    const [problem] = complaints(docstring, own.map((route) => route.name), (code) => errors[code]?.[0]); // prettier-ignore
    if (!docstring || problem !== undefined) throw new Error(`src/${js_module.replace(/\.js$/, ".ts")}: ${js_function}: ${problem ?? ""}`);
    return { name, endpoint, docstring };
  });
}
