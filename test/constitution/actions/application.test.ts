import { beforeAll, describe, expect, test } from "vitest";
import { GovernedService } from "../service.js";

let service: GovernedService;
beforeAll(async () => {
  service = await GovernedService.start({ isv: {} });
});

const endpoint = {
  js_module: "endpoints/hello.js",
  js_function: "hello",
  forwarding_required: "sometimes",
  mode: "readonly",
  authn_policies: ["member_cert", { all_of: ["user_cert", "jwt"] }],
  openapi: {},
  interpreter_reuse: { key: "k" },
};
const modules = [
  { name: "endpoints/hello.js", module: 'import { word } from "../word.js"; export const hello = () => ({ body: word });' },
  { name: "word.js", module: 'export const word = "hello";' },
];
const bundle = { metadata: { endpoints: { "/hello": { get: endpoint, post: endpoint } } }, modules };
const app = (changed: object) => ({ name: "set_js_app", args: { bundle: { ...bundle, ...changed } } });
const endpoints = (all: unknown) => app({ metadata: { endpoints: all } });
const stored = () => service.read((all) => ({ modules: all.modules.keys().toSorted(), endpoints: all.endpoints.keys().toSorted() }));

test("an application replaces the one before it", () => {
  service.pass(["isv"], app({ modules: [...modules, { name: "old.js", module: "" }] }));
  service.pass(["isv"], app({}));
  expect(stored()).toEqual({ modules: ["/endpoints/hello.js", "/word.js"], endpoints: ["GET /hello", "POST /hello"] });
  expect(service.row("public:ccf.gov.endpoints", "GET /hello")).toEqual({ ...endpoint, js_module: "/endpoints/hello.js" });
  expect(service.row("public:ccf.gov.interpreter.flush", "\0".repeat(8))).toBe(true);
});

test("an application whose modules do not compile changes nothing", () => {
  const before = stored();
  const { id } = service.propose("isv", app({ modules: [...modules, { name: "broken.js", module: "export const" }] }));
  expect(() => service.vote("isv", id, "yes")).toThrow();
  expect(stored()).toEqual(before);
});

test("the application is removed", () => {
  service.pass(["isv"], app({}));
  service.pass(["isv"], { name: "refresh_js_app_bytecode_cache", args: null }, { name: "remove_js_app", args: null });
  expect(stored()).toEqual({ modules: [], endpoints: [] });
});

describe("an application is refused when", () => {
  const one = (changed: object) => endpoints({ "/hello": { get: { ...endpoint, ...changed } } });
  test.each([
    ["it is no bundle", { name: "set_js_app", args: { bundle: [] } }, "bundle must be an object"],
    ["there are no modules", app({ modules: undefined }), "bundle.modules is missing"],
    ["a module has no text", app({ modules: [{ name: "a.js" }] }), "bundle.modules[0].module is missing"],
    ["a module's path is absolute", app({ modules: [{ name: "/a.js", module: "" }] }), "bundle.modules[0].name must be a relative path"],
    ["two modules have one name", app({ modules: [...modules, modules[0]] }), "two modules of the bundle have the same name"],
    ["there is no metadata", app({ metadata: null }), "bundle.metadata must be an object"],
    ["endpoints are a list", endpoints([]), "bundle.metadata.endpoints must be an object"],
    ["a URL is relative", endpoints({ hello: { get: endpoint } }), "the URL hello does not start with /"],
    [
      "a URL has a brace that nothing closes",
      endpoints({ "/t/{a": { get: endpoint } }),
      "the URL /t/{a does not start with /, or its braces",
    ],
    ["a URL has a brace that nothing opens", endpoints({ "/t/a}": { get: endpoint } }), "or its braces do not match"],
    ["a URL has braces in braces", endpoints({ "/t/{a{b}}": { get: endpoint } }), "or its braces do not match"],
    ["a URL has NUL", endpoints({ "/u\0v": { get: endpoint } }), "a name in bundle.metadata.endpoints must be a string without NUL"],
    ["a module's name has NUL", app({ modules: [{ name: "a\0.js", module: "" }] }), "bundle.modules[0].name must be a relative path"],
    ["a URL has no verbs", endpoints({ "/hello": null }), 'bundle.metadata.endpoints["/hello"] must be an object'],
    ["a verb does not exist", endpoints({ "/hello": { fetch: endpoint } }), "FETCH /hello: there is no such verb"],
    ["a verb comes twice", endpoints({ "/hello": { get: endpoint, GET: endpoint } }), "the URL /hello names a verb twice"],
    ["a module is not there", one({ js_module: "hello.js" }), "the module hello.js of /hello is not in the bundle"],
    ["a module's name is inherited", one({ js_module: "constructor" }), "the module constructor of /hello is not in the bundle"],
    ["a function is missing", one({ js_function: undefined }), '["/hello"]["get"].js_function is missing'],
    ["a mode is missing", one({ mode: undefined }), '["/hello"]["get"].mode is missing'],
    ["a mode does not exist", one({ mode: "write" }), '["get"].mode must be one of readwrite, readonly, historical'],
    ["forwarding does not exist", one({ forwarding_required: true }), ".forwarding_required must be one of sometimes, always, never"],
    ["policies are no list", one({ authn_policies: "no_auth" }), ".authn_policies must be a list"],
    ["a policy is null", one({ authn_policies: [null] }), ".authn_policies[0] must be an object"],
    ["a joint policy is no list", one({ authn_policies: [{ all_of: "jwt" }] }), ".authn_policies[0].all_of must be a list"],
    ["redirection does not exist", one({ redirection_strategy: "away" }), ".redirection_strategy must be one of"],
    ["reuse has no key", one({ interpreter_reuse: {} }), ".interpreter_reuse.key is missing"],
    ["a description is a text", one({ openapi: "yes" }), ".openapi must be an object"],
    ["hiding is no boolean", one({ openapi_hidden: "yes" }), ".openapi_hidden must be true or false"],
    [
      "caching is no boolean",
      { name: "set_js_app", args: { bundle, disable_bytecode_cache: 1 } },
      "disable_bytecode_cache must be true or false",
    ],
  ])("%s", (_, action, problem) => {
    expect(service.problems(action)).toContain(problem);
  });
});

describe("limits of the engine", () => {
  const options = (changed: object) => ({
    name: "set_js_runtime_options",
    args: { max_heap_bytes: 104857600, max_stack_bytes: 1048576, max_execution_time_ms: 1000, ...changed },
  });

  test("are set as clients send them", () => {
    const args = { log_exception_details: true, return_exception_details: null };
    service.pass(["isv"], options(args));
    expect(service.read(({ runtimeOptions }) => runtimeOptions.get())).toEqual({
      max_heap_bytes: 104857600,
      max_stack_bytes: 1048576,
      max_execution_time_ms: 1000,
      log_exception_details: true,
    });
  });

  test.each([
    [{ max_heap_bytes: 1048576 }, "max_heap_bytes must be an integer from 10000000"],
    [{ max_stack_bytes: 65536 }, "max_stack_bytes must be an integer from 256000"],
    [{ max_execution_time_ms: 1 }, "max_execution_time_ms must be an integer from 100"],
    [{ max_execution_time_ms: undefined }, "max_execution_time_ms is missing"],
    [{ max_cached_interpreters: -1 }, "max_cached_interpreters must be an integer from 0"],
  ])("must leave room to run: %j", (changed, problem) => {
    expect(service.problems(options(changed))).toContain(problem);
  });

  test("at the least values allowed leave the constitution able to decide", () => {
    service.pass(["isv"], options({ max_heap_bytes: 10_000_000, max_stack_bytes: 256_000, max_execution_time_ms: 100 }));
    service.pass(["isv"], options({}));
  });
});
