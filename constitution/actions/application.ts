import { action } from "../action.js";
import {
  anyObject,
  boolean,
  dictionaryOf,
  integer,
  listOf,
  matching,
  nonEmptyString,
  oneOf,
  objectWith,
  optional,
  string,
  type Check,
} from "../arguments.js";
import { ccf } from "../ccf.js";
import { appEndpoints, appModules, interpreterFlush, modulesBytecode, modulesBytecodeVersion, runtimeOptions } from "../tables.js";

/*! The policies that let a caller in: names, any of which suffices, or sets of which all must pass. */
const AuthenticationPolicy: Check<unknown> = (value, field) =>
  typeof value === "string" ? value : objectWith({ all_of: listOf(string) })(value, field);

/*! What CCF needs to know of an endpoint (CCF documentation, "JavaScript application metadata"). */
const Endpoint = objectWith({
  js_module: nonEmptyString,
  js_function: nonEmptyString,
  forwarding_required: oneOf("sometimes", "always", "never"),
  mode: oneOf("readwrite", "readonly", "historical"),
  authn_policies: listOf(AuthenticationPolicy),
  redirection_strategy: optional(oneOf("none", "to_primary", "to_backup")),
  interpreter_reuse: optional(objectWith({ key: nonEmptyString })),
  openapi: optional(anyObject),
  openapi_hidden: optional(boolean),
});

/*! Modules are named by paths without a leading slash; endpoints by URL, then by verb. */
const Bundle = objectWith({
  modules: listOf(objectWith({ name: matching(/^[^/]/, "a relative path"), module: string })),
  metadata: objectWith({ endpoints: dictionaryOf(dictionaryOf(Endpoint)) }),
});

function requireConsistent({ modules, metadata }: ReturnType<typeof Bundle>): void {
  const names = new Set(modules.map(({ name }) => name));
  if (names.size < modules.length) throw new Error("two modules of the bundle have the same name");
  for (const [url, verbs] of Object.entries(metadata.endpoints)) {
    if (!/^\/([^{}]|{[^{}]*})*$/.test(url)) throw new Error(`the URL ${url} does not start with /, or its braces do not match`);
    const upperCase = Object.keys(verbs).map((verb) => verb.toUpperCase());
    if (new Set(upperCase).size < upperCase.length) throw new Error(`the URL ${url} names a verb twice`);
    for (const verb of upperCase) if (!VERBS.has(verb)) throw new Error(`${verb} ${url}: there is no such verb`);
    for (const { js_module } of Object.values(verbs)) {
      if (!names.has(js_module)) throw new Error(`the module ${js_module} of ${url} is not in the bundle`);
    }
  }
}

const VERBS = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]);

function removeApplication(): void {
  for (const rows of [appModules, modulesBytecode, modulesBytecodeVersion, appEndpoints]) rows.clear();
}

/*! Replaces the whole application. A module with a syntax error, or one that imports what is not there, fails the proposal. */
action(
  "set_js_app",
  { bundle: Bundle, disable_bytecode_cache: optional(boolean) },
  {
    validate: ({ bundle }) => {
      requireConsistent(bundle);
    },
    effect: ({ bundle, disable_bytecode_cache }) => {
      removeApplication();
      for (const { name, module } of bundle.modules) appModules.set(`/${name}`, module);
      if (disable_bytecode_cache !== true) ccf.refreshAppBytecodeCache();
      interpreterFlush.set(undefined, true);
      for (const [url, verbs] of Object.entries(bundle.metadata.endpoints)) {
        for (const [verb, properties] of Object.entries(verbs)) {
          appEndpoints.set(`${verb.toUpperCase()} ${url}`, { ...properties, js_module: `/${properties.js_module}` });
        }
      }
    },
  },
);

action("remove_js_app", {}, () => {
  removeApplication();
  interpreterFlush.clear();
});

/*! Limits for every call of the application, and of this constitution too: the least values leave it able to run. */
action(
  "set_js_runtime_options",
  {
    max_heap_bytes: integer(10_000_000),
    max_stack_bytes: integer(256_000),
    max_execution_time_ms: integer(100),
    log_exception_details: optional(boolean),
    return_exception_details: optional(boolean),
    max_cached_interpreters: optional(integer(0)),
  },
  (options) => {
    runtimeOptions.set(undefined, options);
  },
);

action("refresh_js_app_bytecode_cache", {}, () => {
  ccf.refreshAppBytecodeCache();
});
