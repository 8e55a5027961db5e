import { describe, expect, test } from "vitest";
import { disagreements } from "../../build/agreement.js";
import type { Endpoint } from "../../build/appMap.js";
import type { DeclaredSpec } from "../../build/openapi.js";

const endpoint: Endpoint = {
  js_module: "a.js",
  js_function: "a",
  authn_policies: ["member_cert"],
  mode: "readwrite",
  forwarding_required: "always",
  interpreter_reuse: { key: "a" },
};
const anyMember: DeclaredSpec = {
  params: { kind: "schema", definition: { type: "object", properties: { id: { type: "string" } } } },
  callers: ["member_cert"],
};
const spec: DeclaredSpec = { ...anyMember, activeMembers: true };

describe("app.json and the operation that it names", () => {
  test("agree when paths, callers and the demand for active members do", () => {
    expect(disagreements("/a/{id}", endpoint, spec)).toEqual([]);
    expect(disagreements("/a/{id}", { ...endpoint, authn_policies: [] }, { ...spec, callers: ["no_auth"] })).toEqual([]);
  });

  test("disagree when a path parameter goes unchecked", () => {
    expect(disagreements("/a/{id}/{name}", endpoint, spec)).toHaveLength(1);
    expect(disagreements("/a", endpoint, spec)).toHaveLength(1);
  });

  test("disagree when the map lets in callers that the operation was not written for", () => {
    expect(disagreements("/a/{id}", { ...endpoint, authn_policies: ["member_cert", "jwt"] }, spec)).toHaveLength(1);
    expect(disagreements("/a/{id}", { ...endpoint, authn_policies: [] }, spec)).toHaveLength(1);
  });

  test("disagree when members who are not active could write, not when they only read", () => {
    expect(disagreements("/a/{id}", endpoint, anyMember)).toEqual(["members who are not active could write"]);
    expect(disagreements("/a/{id}", { ...endpoint, mode: "readonly" }, anyMember)).toEqual([]);
  });
});
