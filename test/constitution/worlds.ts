import fc from "fast-check";
import type { Member } from "../../constitution/electorate.js";
import type { Action } from "../../constitution/proposal.js";
import type { Question, Vote } from "../../constitution/rules.js";
import type { Subject } from "../../constitution/subjects.js";
import { SERVICE_OPTIONS } from "../../src/model/options.js";

/** Arbitrary services for the rules to decide in. In these worlds a certificate is "cert:" and the id of the member who holds it. */

const PEOPLE = ["ann", "bob", "cleo", "dan", "eve"];
const CONTRACTS = ["c1", "c2", "c3"];
/** Contracts and documents may have the same names. */
const SUBJECTS = CONTRACTS.flatMap((id) => [`contract ${id}`, `document ${id}`]);

const person = fc.constantFrom(...PEOPLE);

const memberData = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(undefined, {}, { tenantId: "t" }, { isOperator: "false", cgsRoles: { cgsOperator: false } }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      { isOperator: true },
      { isOperator: "true", identifier: "op" },
      { isRecoveryOperator: true },
      { cgsRoles: { cgsOperator: "true" } },
      { cgsRoles: { contractOperator: true } },
      { isOperator: true, tenantId: "t" },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ isOperator: 1 }, { isOperator: "yes" }, { isOperator: {} }, { cgsRoles: ["cgsOperator"] }, null, [true]),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);

const anyMembers: fc.Arbitrary<Member[]> = fc.uniqueArray(
  fc.record({ id: person, status: fc.constantFrom("Active" as const, "Active" as const, "Accepted" as const), member_data: memberData }),
  { selector: ({ id }) => id },
);
const electors: fc.Arbitrary<Member[]> = fc
  .subarray(PEOPLE, { minLength: 1 })
  .map((ids) => ids.map((id) => ({ id, status: "Active", member_data: {} })));
const members = fc.oneof(anyMembers, electors);

const contractAction = fc.record({
  name: fc.constant("set_contract"),
  args: fc.record({ contractId: fc.constantFrom(...CONTRACTS), contract: fc.constant({ data: "x" }) }),
});

const documentAction = fc.record({
  name: fc.constantFrom("set_document", "set_member_document"),
  args: fc.record({ documentId: fc.constantFrom(...CONTRACTS), document: fc.constant({ data: "x", contractId: "c" }) }),
});

const contractId = fc.constant({ contractId: "c1" });
const disablingAction = fc.record({
  name: fc.constantFrom("set_contract_runtime_options_disable_logging", "set_contract_runtime_options_disable_telemetry"),
  args: contractId,
});
const delegableAction = fc.record({
  name: fc.constantFrom("set_constitution", "set_js_app", "set_deployment_spec", "set_deployment_info", "set_clean_room_policy"),
  args: contractId,
});

const memberAction = fc.oneof(
  fc.record({
    name: fc.constant("set_member"),
    args: fc.record(
      {
        cert: person.map((id) => `cert:${id}`),
        member_data: memberData,
        encryption_pub_key: fc.constantFrom("key", null),
        recovery_role: fc.constantFrom("Owner", null),
      },
      { requiredKeys: ["cert"] },
    ),
  }),
  fc.record({ name: fc.constantFrom("remove_member", "set_member_data"), args: person.map((id) => ({ member_id: id, member_data: {} })) }),
);

const upkeepAction = fc.record({
  name: fc.constantFrom("remove_node", "set_node_data", "trigger_snapshot"),
  args: fc.constant({}),
});

const otherAction = fc.record({
  name: fc.constantFrom(
    "set_constitution",
    "set_js_app",
    "set_jwt_issuer",
    "add_snp_uvm_endorsement",
    "set_contract_runtime_options_enable_logging",
    "set_contract_runtime_options_enable_telemetry",
    "set_cgs_runtime_options",
    "constructor",
  ),
  args: fc.constant({}),
});

const actions: fc.Arbitrary<Action[]> = fc.oneof(
  { weight: 3, arbitrary: fc.array(contractAction, { minLength: 1, maxLength: 3 }) },
  fc.array(memberAction, { minLength: 1, maxLength: 3 }),
  fc.array(upkeepAction, { minLength: 1, maxLength: 3 }),
  fc.array(otherAction, { minLength: 1, maxLength: 3 }),
  fc.array(documentAction, { minLength: 1, maxLength: 3 }),
  fc.array(disablingAction, { minLength: 1, maxLength: 3 }),
  fc.array(delegableAction, { minLength: 1, maxLength: 3 }),
  fc.array(fc.oneof(contractAction, documentAction, disablingAction, delegableAction, memberAction, upkeepAction, otherAction), {
    maxLength: 4,
  }),
);

const votes: fc.Arbitrary<Vote[]> = fc.uniqueArray(
  fc.record({
    member_id: fc.oneof(person, fc.constant("removed")),
    vote: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  }),
  { selector: ({ member_id }) => member_id, maxLength: 6 },
);

export type World = Question & {
  readonly accepted: readonly string[];
  readonly elsewhere: readonly string[];
  readonly options: readonly string[];
};

export const world: fc.Arbitrary<World> = fc
  .record({
    actions,
    proposerId: fc.oneof(person, fc.constant("removed")),
    votes: fc.oneof(votes, fc.constant(PEOPLE.map((member_id) => ({ member_id, vote: true })))),
    members,
    accepted: fc.oneof(fc.constant<string[]>([]), fc.subarray(SUBJECTS)),
    elsewhere: fc.oneof(fc.constant<string[]>([]), fc.subarray(SUBJECTS)),
    options: fc.oneof(fc.constant([]), fc.subarray([...SERVICE_OPTIONS]), fc.constant([...SERVICE_OPTIONS])),
  })
  .map((facts) => ({
    ...facts,
    memberIdOf: (pem: string) => pem.replace("cert:", ""),
    isAccepted: ({ kind, id }: Subject) => facts.accepted.includes(`${kind} ${String(id)}`),
    isProposedElsewhere: ({ kind, id }: Subject) => facts.elsewhere.includes(`${kind} ${String(id)}`),
    isEnabled: (option: string) => (facts.options as string[]).includes(option),
  }));
