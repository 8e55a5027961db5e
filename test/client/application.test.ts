import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { canonicalJson } from "../../client/canonicalJson.js";
import { bundleDigest, normalise, type Bundle } from "../../client/governance/application.js";

const proposed: Bundle = {
  metadata: {
    endpoints: {
      "/contracts/{id}": {
        get: { js_module: "contracts/get.js", js_function: "run", mode: "readonly" },
        put: { js_module: "contracts/put.js", js_function: "run", mode: "readwrite" },
      },
    },
  },
  modules: [
    { name: "contracts/get.js", module: "export const run = () => ({});" },
    { name: "contracts/put.js", module: 'export const run = () => ({ body: "ä" });' },
  ],
};

/** The same application as a node reports it. */
const reported: Bundle = {
  metadata: {
    endpoints: {
      "/contracts/{id}": {
        PUT: { js_function: "run", js_module: "/contracts/put.js" },
        GET: { mode: "readonly", js_function: "run", js_module: "/contracts/get.js" },
      },
    },
  },
  modules: [...proposed.modules].reverse().map(({ name, module }) => ({ name: `/${name}`, module })),
};

test("a bundle that a node reports is the one that was proposed", () => {
  expect(normalise(reported)).toEqual(proposed);
  expect(bundleDigest(reported)).toBe(bundleDigest(proposed));
});

test("a bundle that differs in one character has another digest", () => {
  const [first, ...others] = proposed.modules;
  const changed = { ...proposed, modules: [{ name: first?.name ?? "", module: `${first?.module} ` }, ...others] };
  expect(bundleDigest(changed)).not.toBe(bundleDigest(proposed));
});

test("canonical JSON has sorted keys, two spaces of indent and unescaped texts, as jq -S prints it", () => {
  const text = canonicalJson({ b: [1, { 10: true, 9: null }], a: "ä\n", c: {}, d: [] });
  expect(text).toBe(
    '{\n  "a": "ä\\n",\n  "b": [\n    1,\n    {\n      "10": true,\n      "9": null\n    }\n  ],\n  "c": {},\n  "d": []\n}',
  );
  expect(bundleDigest(proposed)).toBe(createHash("sha256").update(canonicalJson(proposed)).digest("hex"));
});
