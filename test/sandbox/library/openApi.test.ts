import { expect, test } from "vitest";
import type { Sandbox } from "../../../sandbox/index.js";
import { bundleOf, start } from "./application.js";

type Document = {
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly info: object;
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly servers: readonly unknown[];
};

const documentOf = async (sandbox: Sandbox, url: string): Promise<Document> => (await sandbox.request({ url })).json() as Document;

const app = bundleOf(
  {
    "GET /plain": { js_module: "main.js", js_function: "f" },
    "POST /notes/{id}": { js_module: "main.js", js_function: "f", openapi: { summary: "Keep a note", responses: { 201: {} } } },
    "DELETE /hidden": { js_module: "main.js", js_function: "f", openapi_hidden: true },
    "GET /tx": { js_module: "main.js", js_function: "f", openapi: { summary: "Mine", tags: ["mine"] } },
  },
  { "main.js": "export function f() { return {}; }" },
);

test("an application's document says of its endpoints what governance says, and of CCF's own what CCF says", async () => {
  const { sandbox } = await start(app);
  const { paths, ...about } = await documentOf(sandbox, "/app/api");
  expect(about).toMatchObject({ openapi: "3.0.0", info: { title: "Empty title", version: "0.0.1" }, servers: [] });
  expect(Object.keys(paths)).toEqual(["/app/api", "/app/commit", "/app/notes/{id}", "/app/plain", "/app/receipt", "/app/tx"]);
  expect(paths["/app/plain"]).toEqual({ get: {} });
  expect(paths["/app/notes/{id}"]).toEqual({ post: { summary: "Keep a note", responses: { 201: {} } } });
  expect(paths["/app/tx"]).toMatchObject({ get: { summary: "Current status of a transaction", tags: ["mine"] } });
  expect(paths["/app/commit"]).toEqual({
    get: {
      summary: "Current commit level",
      description: "Latest transaction ID that has been committed on the service",
      parameters: [
        { in: "query", name: "view_history", required: false, schema: { $ref: "#/components/schemas/boolean" } },
        { in: "query", name: "view_history_since", required: false, schema: { $ref: "#/components/schemas/uint64" } },
      ],
      responses: {
        200: {
          content: { "application/json": { schema: { $ref: "#/components/schemas/GetCommit__Out" } } },
          description: "Default response description",
        },
        default: { $ref: "#/components/responses/default" },
      },
      "x-ccf-forwarding": { $ref: "#/components/x-ccf-forwarding/sometimes" },
    },
  });
});

test("nodes and governance describe the operations that they have, and every document holds what it refers to", async () => {
  const { sandbox } = await start(app);
  const node = await documentOf(sandbox, "/node/api");
  expect(node.info).toMatchObject({ title: "CCF Public Node API" });
  expect(Object.keys(node.paths)).toEqual(
    expect.arrayContaining(["/node/api", "/node/commit", "/node/network/nodes/{node_id}", "/node/quotes/self", "/node/state"]),
  );
  expect(node.paths["/node/network/nodes/{node_id}"]).toMatchObject({
    get: { responses: { 200: {}, default: { $ref: "#/components/responses/default" } } },
    parameters: [{ in: "path", name: "node_id", required: true, schema: { type: "string" } }],
  });
  const governance = await documentOf(sandbox, "/gov/api");
  expect(governance.info).toMatchObject({ title: "CCF Governance API" });
  expect(governance.paths["/gov/members/proposals:create"]).toMatchObject({ post: { security: [{ member_cose_sign1: [] }] } });
  expect(governance.paths["/gov/service/info"]?.get).not.toHaveProperty("security");
  expect(governance.components.securitySchemes).toMatchObject({ member_cose_sign1: { type: "http", scheme: "cose_sign1" } });

  for (const document of [await documentOf(sandbox, "/app/api"), governance, node]) {
    expect(document.components).toMatchObject({
      responses: { default: { content: { "application/json": { schema: { $ref: "#/components/schemas/CCFError" } } } } },
      schemas: { CCFError: { properties: { error: { properties: { code: { type: "string" }, message: { type: "string" } } } } } },
    });
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/([^/"]+)\/([^/"]+)"/g)];
    expect(references.length).toBeGreaterThan(10);
    for (const [, kind = "", name = ""] of references) expect(document.components[kind]).toHaveProperty(name);
  }
});
