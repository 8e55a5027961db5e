import path from "node:path";
import { expect, test } from "vitest";
import { endpointsOf } from "../../build/appMap.js";
import { buildApplication } from "../../build/application.js";
import { loadedBy } from "../../build/moduleGraph.js";

test("jsrsasign is loaded to make a key and to certify one, and by no other endpoint: not by those that ask about the CA either", async () => {
  const { bundle, packages } = await buildApplication(path.resolve(import.meta.dirname, "../.."));
  const loading = endpointsOf(bundle.metadata.endpoints)
    .filter(({ endpoint }) => loadedBy(bundle.modules, [endpoint.js_module]).some(({ name }) => packages[name]?.includes("jsrsasign")))
    .map(({ endpoint }) => endpoint.js_function);
  expect(loading.sort()).toEqual(["generateCaKey", "generateEndorsedCert"]);
});
