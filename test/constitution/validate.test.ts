import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { GovernedService } from "./service.js";

let service: GovernedService;
beforeAll(async () => {
  service = await GovernedService.start({ isv: {} });
});

describe("a proposal is refused, and says why, when it", () => {
  test.each([
    ["is not JSON", "{", /^the proposal is not JSON: /],
    ["is empty", "", /^the proposal is not JSON: /],
    ["is null", "null", /^the proposal has no list of actions$/],
    ["is a list", "[]", /^the proposal has no list of actions$/],
    ["has no actions", "{}", /^the proposal has no list of actions$/],
    ["has actions that are no list", '{"actions":{}}', /^the proposal has no list of actions$/],
    ["has an empty list of actions", '{"actions":[]}', /^the proposal has no actions$/],
    ["has an action without a name", '{"actions":[{"args":{}}]}', /^the action at position 0 has no name$/],
    ["has an action that is null", '{"actions":[null]}', /^the action at position 0 has no name$/],
    ["names an action that does not exist", '{"actions":[{"name":"set_everything"}]}', /^set_everything: no such action$/],
    [
      "names what every object inherits",
      '{"actions":[{"name":"constructor"},{"name":"__proto__"}]}',
      /^constructor: no such action, __proto__: no/,
    ],
    ["takes the list from a prototype", '{"__proto__":{"actions":[]}}', /^the proposal has no list of actions$/],
    [
      "misses an argument",
      '{"actions":[{"name":"set_contract"}]}',
      /^set_contract at position 0 failed validation: contractId is missing$/,
    ],
    ["has arguments that are a list", '{"actions":[{"name":"trigger_snapshot","args":[]}]}', /args must be an object$/],
    ["has an argument that is not known", '{"actions":[{"name":"trigger_snapshot","args":{"now":true}}]}', /: now is unknown$/],
    ["hides an argument in a prototype", '{"actions":[{"name":"remove_member","args":{"__proto__":{}}}]}', /: __proto__ is unknown$/],
  ])("%s", (_, text, description) => {
    expect(service.validate(text)).toEqual({ valid: false, description: expect.stringMatching(description) as string });
  });
});

test("every fault of a proposal is named", () => {
  expect(service.problems({ name: "remove_user", args: { user_id: "x" } }, { name: "no" }, { name: "trigger_snapshot" })).toBe(
    "remove_user at position 0 failed validation: user_id must be 64 lower-case hexadecimal digits, no: no such action",
  );
});

const ACTIONS = [
  ...["set_constitution", "set_member", "remove_member", "set_member_data", "set_user", "remove_user", "set_user_data"],
  ...["set_recovery_threshold", "trigger_recovery_shares_refresh", "trigger_ledger_rekey", "transition_service_to_open"],
  ...["set_js_app", "remove_js_app", "set_js_runtime_options", "refresh_js_app_bytecode_cache", "set_ca_cert_bundle"],
  ...["remove_ca_cert_bundle", "set_jwt_issuer", "set_jwt_public_signing_keys", "remove_jwt_issuer", "add_node_code", "remove_node_code"],
  ...["add_snp_measurement", "remove_snp_measurement", "add_snp_uvm_endorsement", "remove_snp_uvm_endorsement", "add_snp_host_data"],
  ...["remove_snp_host_data", "set_snp_minimum_tcb_version", "set_snp_minimum_tcb_version_hex", "remove_snp_minimum_tcb_version"],
  ...["set_node_data", "transition_node_to_trusted", "remove_node", "set_node_certificate_validity", "set_all_nodes_certificate_validity"],
  ...["set_service_certificate_validity", "set_service_configuration", "trigger_ledger_chunk", "trigger_snapshot", "trigger_acme_refresh"],
  ...[
    "assert_service_identity",
    "add_virtual_measurement",
    "remove_virtual_measurement",
    "add_virtual_host_data",
    "remove_virtual_host_data",
  ],
  ...["set_contract", "set_document", "set_member_document", "set_deployment_spec", "set_deployment_info", "set_clean_room_policy"],
  ...["set_contract_runtime_options_enable_logging", "set_contract_runtime_options_disable_logging"],
  ...["set_contract_runtime_options_enable_telemetry", "set_contract_runtime_options_disable_telemetry", "set_cgs_runtime_options"],
  ...["enable_oidc_issuer", "set_oidc_issuer_url", "oidc_issuer_enable_rotate_signing_key", "set_oidc_subject", "remove_oidc_subject"],
  ...["enable_signing", "signing_enable_rotate_signing_key", "enable_ca", "ca_enable_rotate_signing_key"],
];

test("every action of a CCF network and of clean rooms is known", () => {
  const unknown = ACTIONS.filter((name) => service.problems({ name, args: { nonsense: 1 } }).includes("no such action"));
  expect(unknown).toEqual([]);
});

describe("whatever is proposed, validation ends with an answer", () => {
  const answers = (text: string) => {
    const { valid, description } = service.validate(text);
    expect(typeof valid).toBe("boolean");
    expect(typeof description).toBe("string");
    expect(valid).toBe(description === "");
  };
  const runs = { numRuns: 150 };

  test("any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), answers), runs);
  });

  test("any JSON", () => {
    fc.assert(fc.property(fc.json(), answers), runs);
  });

  test("any arguments of any action", () => {
    const names = [
      "contractId",
      "contract",
      "data",
      "cert",
      "member_data",
      "member_id",
      "bundle",
      "modules",
      "metadata",
      "jwks",
      "keys",
      "__proto__",
    ];
    const args = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), fc.jsonValue());
    const action = fc.record({ name: fc.constantFrom(...ACTIONS), args: fc.oneof(args, fc.jsonValue()) });
    fc.assert(
      fc.property(fc.array(action, { minLength: 1, maxLength: 20 }), (actions) => {
        answers(JSON.stringify({ actions }));
      }),
      runs,
    );
  });

  test("lists nested deeply", () => {
    answers(`{"actions":${"[".repeat(1000)}${"]".repeat(1000)}}`);
  });
});
