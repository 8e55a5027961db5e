import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Bundle, buildApplication, type Packages } from "../../build/application.js";
import { endpointsOf } from "../../build/appMap.js";
import { measure } from "../../build/budgets.js";
import { buildConstitution } from "../../build/constitution.js";
import { loadedBy } from "../../build/moduleGraph.js";

const root = path.resolve(import.meta.dirname, "../..");
let bundle: Bundle;
let packages: Packages;

beforeAll(async () => {
  ({ bundle, packages } = await buildApplication(root));
});

describe("the bundle", () => {
  test("is what a set_js_app proposal takes", () => {
    const names = bundle.modules.map(({ name }) => name);
    for (const { verb, endpoint } of endpointsOf(bundle.metadata.endpoints)) {
      expect(verb).toMatch(/^(get|put|post|delete)$/);
      expect(["readonly", "readwrite", "historical"]).toContain(endpoint.mode);
      expect(["sometimes", "always", "never"]).toContain(endpoint.forwarding_required);
      expect(names).toContain(endpoint.js_module);
      expect(endpoint.js_function).toMatch(/^[a-z]\w+$/i);
      expect(endpoint.authn_policies).toBeInstanceOf(Array);
      expect(endpoint.interpreter_reuse.key).toMatch(/^[a-z]+$/);
      expect(endpoint).toHaveProperty("openapi.responses");
    }
  });

  test("survives being read back from the service: modules sorted by name, without a leading slash", () => {
    const names = bundle.modules.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    expect(names.filter((name) => !/^\w+(\/\w+)*\.js$/.test(name))).toEqual([]);
  });

  test("holds every module that one of its modules imports, and none that nobody loads", () => {
    const entries = endpointsOf(bundle.metadata.endpoints).map(({ endpoint }) => endpoint.js_module);
    expect(loadedBy(bundle.modules, entries)).toHaveLength(bundle.modules.length);
  });

  test("lets an endpoint load the validators that it uses and no others", () => {
    const textOf = (entry: string) => loadedBy(bundle.modules, [entry]).map(({ module }) => module).join(""); // prettier-ignore
    expect(textOf("contracts/put.js")).toContain('"/version"');
    expect(textOf("contracts/get.js")).not.toContain('"/version"');
    expect(textOf("contracts/get.js")).toContain('"/contractId"');
    expect(textOf("contracts/list.js")).not.toContain('"/contractId"');
  });

  test("describes path, query and body of its endpoints to OpenAPI", () => {
    const { get, put } = bundle.metadata.endpoints["/contracts/{contractId}"] ?? {};
    expect(put?.openapi).toMatchObject({
      parameters: [{ in: "path", name: "contractId", required: true }],
      requestBody: { content: { "application/json": { schema: { properties: { data: {}, version: { type: "string" } } } } } },
      responses: { default: { content: { "application/json": { schema: { properties: { error: {} } } } } } },
    });
    expect(get?.openapi).not.toHaveProperty("requestBody");
    expect(bundle.metadata.endpoints["/contracts"]?.get?.openapi).toMatchObject({
      parameters: ["state", "limit", "after"].map((name) => ({ in: "query", name, required: false })),
    });
  });

  test("tells OpenAPI that callers with a certificate need no body where others need evidence", () => {
    const requestBody = (url: string) => (bundle.metadata.endpoints[url]?.post?.openapi as { requestBody?: unknown }).requestBody;
    expect(requestBody("/contracts/{contractId}/runtimeoptions/{option}/status")).toMatchObject({ required: false });
    expect(requestBody("/contracts/{contractId}/consentcheck/execution")).toMatchObject({ required: true });
  });
});

describe("the budgets", () => {
  test("are kept", async () => {
    const measures = measure(bundle, packages, await buildConstitution(root));
    expect(measures.filter(({ value, limit }) => value > limit)).toEqual([]);
    expect(measures.map(({ unit }) => unit)).toEqual(["bytes", "bytes", "bytes", "endpoints"]);
  });

  test("count jsrsasign where any endpoint but those of the CA reaches it, even through a shared module", () => {
    const loaded = loadedBy(bundle.modules, ["contracts/get.js"]);
    const shared = loaded.find(({ name }) => name.startsWith("chunks/"))?.name ?? "";
    const counted = measure(bundle, { ...packages, [shared]: ["jsrsasign"] }, "").at(-1);
    expect(counted?.value).toBeGreaterThan(0);
  });
});
