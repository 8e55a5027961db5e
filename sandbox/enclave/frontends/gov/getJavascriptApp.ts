import { tables } from "../../gov/tables.js";
import { CcfError } from "../../http/errors.js";
import { json, type HttpResponse } from "../../http/message.js";
import type { EndpointCall } from "../endpoint.js";

type Properties = Readonly<Record<string, unknown>>;

/** GET /service/javascript-app: endpoints by path and verb, in the API's case or (`case=original`) as stored. @throws CcfError InvalidQueryParameterValue */
export function getJavascriptApp({ tx, query }: EndpointCall): HttpResponse {
  const letters = query.get("case");
  if (letters !== undefined && letters !== "original") {
    throw new CcfError("InvalidQueryParameterValue", "Accepted values for the 'case' query parameter are: original");
  }
  const endpoints = new Map<string, Map<string, Properties>>();
  for (const [key, properties] of tables(tx).endpoints.entries()) {
    const space = key.indexOf(" ");
    const [verb, path] = [key.slice(0, space), key.slice(space + 1)];
    const verbs = endpoints.get(path) ?? new Map<string, Properties>();
    endpoints.set(path, verbs.set(verb, letters === undefined ? inApiCase(properties) : properties));
  }
  return json(200, { endpoints: Object.fromEntries([...endpoints].map(([path, verbs]) => [path, Object.fromEntries(verbs)])) });
}

/** Defaults are those of CCF's `EndpointProperties`. */
const inApiCase = (stored: Properties): Properties => ({
  authnPolicies: stored.authn_policies ?? [],
  forwardingRequired: stored.forwarding_required ?? "always",
  jsFunction: stored.js_function ?? "",
  jsModule: stored.js_module ?? "",
  mode: stored.mode ?? "readwrite",
  openApi: stored.openapi ?? {},
  redirectionStrategy: stored.redirection_strategy ?? "to_primary",
});
