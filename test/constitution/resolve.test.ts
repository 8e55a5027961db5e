import { describe, expect, test } from "vitest";
import { GovernedService } from "./service.js";

const contract = (contractId: string, data: unknown = "terms") => ({ name: "set_contract", args: { contractId, contract: { data } } });
const constitution = { name: "set_constitution", args: { constitution: "export function validate() {}" } };
const snapshot = { name: "trigger_snapshot", args: undefined };

describe("a service of one member without a role", () => {
  test("does what that member votes for", async () => {
    const service = await GovernedService.start({ isv: {} });
    const { id, state } = service.propose("isv", constitution);
    expect(state).toBe("Open");
    expect(service.vote("isv", id, "yes")).toBe("Accepted");
  });
});

describe("a contract", () => {
  const consortium = () =>
    GovernedService.start({ isv: {}, tdp: {}, tdc: { data: { identifier: "tdc" } }, op: { data: { isOperator: true } } });

  test("is accepted with the last elector's yes, and not without", async () => {
    const service = await consortium();
    const { id } = service.propose("isv", contract("c1", { dataset: "d" }));
    expect(service.vote("isv", id, "yes")).toBe("Open");
    expect(service.vote("tdp", id, "yes")).toBe("Open");
    expect(service.vote("op", id, "no")).toBe("Open");
    expect(service.vote("tdc", id, "yes")).toBe("Accepted");
    expect(service.row("public:ccf.gov.accepted_contracts", "c1")).toEqual({
      data: { dataset: "d" },
      proposalId: id,
      finalVotes: { [service.id("isv")]: true, [service.id("tdp")]: true, [service.id("tdc")]: true, [service.id("op")]: false },
    });
  });

  test("is proposed once at a time, however its id or the action is spelled in the text of the first proposal", async () => {
    const plain = JSON.stringify({ actions: [contract("c1")] });
    for (const [what, spelled] of [
      ["c1", "\\u00631"],
      ["c1", "c\\u0031"],
      ["set_contract", "\\u0073et_contract"],
      ["c1", "c1"],
    ] as const) {
      const service = await consortium();
      expect(service.proposeText("isv", plain.replace(what, spelled)).state).toBe("Open");
      expect(service.propose("tdp", contract("c1")).state).toBe("Rejected");
      expect(service.propose("tdp", contract("c2")).state).toBe("Open");
    }
  });

  test("is rejected by one elector's no, and can be proposed again", async () => {
    const service = await consortium();
    const { id } = service.propose("isv", contract("c1"));
    expect(service.vote("tdp", id, "no")).toBe("Rejected");
    expect(service.propose("isv", contract("c1")).state).toBe("Open");
  });

  test("is open in one proposal at a time", async () => {
    const service = await consortium();
    const first = service.propose("isv", contract("c1"));
    expect(service.propose("tdp", contract("c1")).state).toBe("Rejected");
    expect(service.propose("tdp", contract("c2"), contract("c1")).state).toBe("Rejected");
    expect(service.state(first.id)).toBe("Open");
    expect(service.propose("tdp", contract("c2")).state).toBe("Open");
  });

  test("is proposed with nothing but other contracts", async () => {
    const service = await consortium();
    expect(service.propose("isv", contract("c1"), snapshot).state).toBe("Rejected");
    expect(service.propose("isv", contract("c1"), contract("c1")).state).toBe("Rejected");
    expect(service.propose("isv", contract("c1"), contract("c2")).state).toBe("Open");
  });

  test("waits for a member who was invited but is not active, until he is removed", async () => {
    const service = await GovernedService.start({ isv: {}, tdp: { status: "Accepted" } });
    const { id } = service.propose("isv", contract("c1"));
    expect(service.vote("isv", id, "yes")).toBe("Open");
    service.pass(["isv"], { name: "remove_member", args: { member_id: service.id("tdp") } });
    expect(service.vote("isv", id, "yes")).toBe("Accepted");
  });

  test("no longer needs, or hears, a member who was removed", async () => {
    const service = await GovernedService.start({ isv: {}, tdp: {}, tdc: {} });
    const { id } = service.propose("isv", contract("c1"));
    service.vote("tdc", id, "yes");
    service.vote("isv", id, "yes");
    const removal = { name: "remove_member", args: { member_id: service.id("tdc") } };
    service.pass(["isv", "tdp", "tdc"], removal);
    expect(service.vote("tdp", id, "yes")).toBe("Accepted");
  });

  test("is not held up by the veto of one who has become an operator since", async () => {
    const service = await GovernedService.start({ isv: {}, tdp: {} });
    const { id } = service.propose("isv", snapshot);
    service.vote("tdp", id, "no");
    service.pass(["isv", "tdp"], { name: "set_member_data", args: { member_id: service.id("tdp"), member_data: { isOperator: "true" } } });
    expect(service.vote("isv", id, "yes")).toBe("Accepted");
  });
});

describe("operators alone", () => {
  const network = () =>
    GovernedService.start({
      isv: {},
      op: { data: { isOperator: true } },
      op2: { data: { isOperator: true } },
      recovery: { data: { isRecoveryOperator: true } },
    });
  const newMember = (service: GovernedService, name: string, args: object) => ({
    name: "set_member",
    args: { cert: service.person(name).certificate, ...args },
  });
  const removal = (service: GovernedService, name: string) => ({ name: "remove_member", args: { member_id: service.id(name) } });

  test("keep the network running", async () => {
    const service = await network();
    expect(service.propose("op", snapshot, { name: "trigger_ledger_chunk", args: {} }).state).toBe("Accepted");
  });

  test("add operators and remove them", async () => {
    const service = await network();
    expect(service.propose("op", newMember(service, "op3", { member_data: { isOperator: true, identifier: "3" } })).state).toBe("Accepted");
    expect(service.propose("op", removal(service, "op3")).state).toBe("Accepted");
    expect(service.propose("op", removal(service, "op2"), snapshot).state).toBe("Accepted");
  });

  test("change nobody who is a member already, and remove nobody who is no operator", async () => {
    const service = await network();
    for (const name of ["isv", "recovery", "op2"]) {
      expect(service.propose("op", newMember(service, name, { member_data: { isOperator: true } })).state).toBe("Open");
    }
    for (const name of ["isv", "recovery", "stranger"]) expect(service.propose("op", removal(service, name)).state).toBe("Open");
    expect(service.propose("op", removal(service, "op2"), removal(service, "isv")).state).toBe("Open");
    expect(service.row("public:ccf.gov.members.info", service.id("isv"))).toMatchObject({ status: "Active" });
  });

  test("add no members who could vote, recover the ledger, or speak for a tenant", async () => {
    const service = await network();
    const operator = { isOperator: true };
    const encryption_pub_key = service.person("x").encryptionKey;
    for (const args of [
      {},
      { member_data: { isOperator: false } },
      { member_data: { isOperator: "false" } },
      { member_data: { ...operator, isRecoveryOperator: true } },
      { member_data: { ...operator, cgsRoles: { cgsOperator: "true" } } },
      { member_data: { ...operator, tenantId: "t" } },
      { member_data: operator, encryption_pub_key },
      { member_data: operator, encryption_pub_key, recovery_role: "Owner" },
    ]) {
      expect(service.propose("op", newMember(service, "x", args)).state).toBe("Open");
    }
  });

  test("cannot widen who may join, authenticate or recover", async () => {
    const service = await network();
    for (const action of [
      { name: "add_snp_uvm_endorsement", args: { did: "did:x509:0:sha256:x", feed: "f", svn: "1" } },
      { name: "set_jwt_issuer", args: { issuer: "https://issuer.example" } },
      { name: "set_ca_cert_bundle", args: { name: "ca", cert_bundle: service.identity.serviceCertificate } },
      { name: "set_recovery_threshold", args: { recovery_threshold: 1 } },
      { name: "set_member_data", args: { member_id: service.id("op"), member_data: {} } },
    ]) {
      expect(service.propose("op", action).state).toBe("Open");
    }
  });

  test("decide nothing while they are not active, or after they have lost the role", async () => {
    const service = await GovernedService.start({ isv: {}, op: { data: { isOperator: "true" }, status: "Accepted" } });
    expect(service.propose("op", snapshot).state).toBe("Open");
    expect(service.propose("isv", snapshot).state).toBe("Open");
    expect(service.propose("stranger", snapshot).state).toBe("Open");
  });

  test("cannot decide for a service that has no other members", async () => {
    const service = await GovernedService.start({ op: { data: { isOperator: true } } });
    const { id, state } = service.propose("op", constitution);
    expect(state).toBe("Open");
    expect(service.vote("op", id, "yes")).toBe("Open");
  });
});

describe("what the electorate has left to operators", () => {
  const HOST = "x-ms-sevsnpvm-hostdata";
  const enable = (what: string, status = "enabled") => ({
    name: "set_cgs_runtime_options",
    args: { option: `autoapprove-${what}-proposal`, status },
  });
  const policy = { name: "set_clean_room_policy", args: { contractId: "c1", type: "add", claims: { [HOST]: "a".repeat(64) } } };
  const spec = { name: "set_deployment_spec", args: { contractId: "c1", spec: { data: "template" } } };
  const info = { name: "set_deployment_info", args: { contractId: "c1", info: { data: "address" } } };
  const application = { name: "set_js_app", args: { bundle: { modules: [], metadata: { endpoints: {} } } } };
  const delegated = [
    ["contractOp", "deploymentspec", spec],
    ["contractOp", "deploymentinfo", info],
    ["contractOp", "cleanroompolicy", policy],
    ["cgsOp", "jsapp", application],
    ["cgsOp", "constitution", constitution],
  ] as const;
  const people = {
    isv: {},
    op: { data: { isOperator: true } },
    cgsOp: { data: { cgsRoles: { cgsOperator: "true" } } },
    contractOp: { data: { cgsRoles: { contractOperator: true } } },
  };
  const consortium = async () => {
    const service = await GovernedService.start(people);
    service.agreeContract("c1");
    return service;
  };

  test.each(delegated)("%s decides alone on %s while the option is enabled, and nobody else does", async (name, option, action) => {
    const service = await consortium();
    expect(service.propose(name, action).state).toBe("Open");
    service.pass(["isv"], enable(option));
    for (const other of ["isv", "op", "cgsOp", "contractOp"].filter((one) => one !== name)) {
      expect(service.propose(other, action).state).toBe("Open");
    }
    expect(service.propose(name, action, snapshot).state).toBe("Open");
    service.pass(["isv"], enable(option, "disabled"));
    expect(service.propose(name, action).state).toBe("Open");
    service.pass(["isv"], enable(option));
    expect(service.propose(name, action).state).toBe("Accepted");
  });

  test("is theirs only once they are active, and only while there is an electorate", async () => {
    const service = await GovernedService.start({ ...people, contractOp: { ...people.contractOp, status: "Accepted" } });
    service.agreeContract("c1");
    service.pass(["isv"], enable("deploymentspec"), enable("jsapp"));
    expect(service.propose("contractOp", spec).state).toBe("Open");
    expect(service.propose("cgsOp", application).state).toBe("Accepted");
    service.pass(["isv"], { name: "remove_member", args: { member_id: service.id("isv") } });
    expect(service.propose("cgsOp", application).state).toBe("Open");
  });

  test("is not theirs to combine where one option is missing, and together where all are there", async () => {
    const service = await consortium();
    service.pass(["isv"], enable("deploymentspec"));
    expect(service.propose("contractOp", spec, info).state).toBe("Open");
    service.pass(["isv"], enable("deploymentinfo"));
    expect(service.propose("contractOp", spec, info).state).toBe("Accepted");
  });

  test("is still bound by what can be: nothing is taken out of a policy twice", async () => {
    const service = await consortium();
    service.pass(["isv"], enable("cleanroompolicy"));
    expect(service.propose("contractOp", policy).state).toBe("Accepted");
    const removal = { ...policy, args: { ...policy.args, type: "remove" } };
    expect(() => service.propose("contractOp", removal, removal)).toThrow("to be removed");
  });
});

describe("a member who has no vote", () => {
  test("has at most 32 proposals that wait for others", async () => {
    const service = await GovernedService.start({ isv: {}, op: { data: { isOperator: true } } });
    const open = Array.from({ length: 32 }, (_, i) => service.propose("op", contract(`c${i}`)));
    expect(open.map(({ state }) => state)).toEqual(Array(32).fill("Open"));
    expect(service.propose("op", contract("more")).state).toBe("Rejected");
    expect(service.propose("op", snapshot).state).toBe("Accepted");
    expect(service.vote("op", open[0]?.id ?? "", "yes")).toBe("Open");
    expect(service.vote("isv", open[0]?.id ?? "", "yes")).toBe("Accepted");
    expect(service.propose("op", contract("more")).state).toBe("Open");
    for (let i = 0; i < 40; i++) expect(service.propose("isv", contract(`mine${i}`)).state).toBe("Open");
  });
});

describe("logging and telemetry", () => {
  const option = (verb: string, what = "logging") => ({
    name: `set_contract_runtime_options_${verb}_${what}`,
    args: { contractId: "c1" },
  });

  test("are switched off by one elector, but not by an operator, somebody unknown, or a member who is not active", async () => {
    const service = await GovernedService.start({
      isv: {},
      tdp: {},
      op: { data: { isOperator: true } },
      contractOp: { data: { cgsRoles: { contractOperator: true } } },
    });
    service.agreeContract("c1", ["isv", "tdp"]);
    service.pass(["isv", "tdp"], { name: "set_member", args: { cert: service.person("invited").certificate } });
    for (const name of ["op", "contractOp", "invited", "stranger"]) expect(service.propose(name, option("disable")).state).toBe("Open");
    expect(service.propose("tdp", option("disable"), option("disable", "telemetry")).state).toBe("Accepted");
    expect(service.propose("tdp", option("disable"), option("enable")).state).toBe("Open");
  });

  test("are switched on by all, and one stops it", async () => {
    const service = await GovernedService.start({ isv: {}, tdp: {} });
    service.agreeContract("c1", ["isv", "tdp"]);
    const { id } = service.propose("isv", option("enable"));
    service.vote("isv", id, "yes");
    expect(service.vote("tdp", id, "no")).toBe("Rejected");
    service.pass(["isv", "tdp"], option("enable"));
  });
});
