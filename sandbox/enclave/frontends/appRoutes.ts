import type { PolicyName } from "../auth/policies.js";
import { Router } from "../http/router.js";
import { splitOnce } from "../http/splitOnce.js";
import { addCommonEndpoints } from "./common.js";
import type { NodeContext } from "./context.js";
import type { Endpoint } from "./endpoint.js";
import { openApi } from "./openApi.js";

const TABLE = "public:ccf.gov.endpoints";

/** What CCF says of an application in JavaScript: nothing. */
const ABOUT = { title: "Empty title", description: "Empty description", version: "0.0.1" };

/** A row of `public:ccf.gov.endpoints`. */
export type EndpointProperties = {
  /** With a leading slash. */
  readonly js_module: string;
  readonly js_function: string;
  readonly mode: "readwrite" | "readonly" | "historical";
  readonly authn_policies: readonly PolicyName[];
  readonly openapi?: unknown;
  readonly openapi_hidden?: boolean;
  readonly interpreter_reuse?: { readonly key: string };
};

export type AppEndpoint = { readonly properties: EndpointProperties };

/** The routes of the installed application, built anew only when governance changed them. */
export class AppRoutes {
  readonly #context: NodeContext;
  #version = -1;
  #router = new Router<AppEndpoint | Endpoint>();

  constructor(context: NodeContext) {
    this.#context = context;
  }

  current(): Router<AppEndpoint | Endpoint> {
    const version = this.#context.store.versionOf(TABLE);
    if (version !== this.#version) {
      this.#router = this.#build();
      this.#version = version;
    }
    return this.#router;
  }

  #build(): Router<AppEndpoint | Endpoint> {
    const rows = this.#rows();
    const builtIns = addCommonEndpoints(new Router<Endpoint>(), this.#context, () => openApi(ABOUT, "/app", builtIns.routes(), rows));
    const router = new Router<AppEndpoint | Endpoint>();
    for (const { verb, template, target } of builtIns.routes()) router.add(verb, template, target);
    for (const { verb, path, properties } of rows) router.add(verb, path, { properties });
    return router;
  }

  #rows(): AppRoute[] {
    const rows: AppRoute[] = [];
    this.#context.store
      .begin()
      .table(TABLE)
      .forEach((value, key) => {
        const [verb, path] = splitOnce(Buffer.from(key).toString(), " ");
        rows.push({ verb, path, properties: JSON.parse(Buffer.from(value).toString()) as EndpointProperties });
      });
    // CCF keeps the rows sorted by path and verb; the order shows in `allow` and in lists of ambiguous templates.
    return rows.sort((a, b) => compare(a.path, b.path) || compare(a.verb, b.verb));
  }
}

export type AppRoute = { readonly verb: string; readonly path: string; readonly properties: EndpointProperties };

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
