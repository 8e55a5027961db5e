import { createHash } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { GovernedService } from "../service.js";

let service: GovernedService;
beforeEach(async () => {
  service = await GovernedService.start({ isv: {} });
});

const pass = (name: string, args: object) => service.pass(["isv"], { name, args });
const row = (table: string, key: string) => service.row(`public:ccf.gov.nodes.${table}`, key);
const POLICY = "package policy";
const POLICY_DIGEST = createHash("sha256").update(POLICY).digest("hex");
const TCB = { boot_loader: 3, tee: 0, snp: 8, microcode: 115 };
const CPUID = "00a00f11";

describe.each([
  ["add_node_code", "remove_node_code", { code_id: "ab".repeat(32) }, {}, "code_ids", "AllowedToJoin"],
  ["add_snp_measurement", "remove_snp_measurement", { measurement: "ab".repeat(48) }, {}, "snp.measurements", "AllowedToJoin"],
  ["add_snp_host_data", "remove_snp_host_data", { host_data: POLICY_DIGEST }, { security_policy: POLICY }, "snp.host_data", POLICY],
  ["add_virtual_measurement", "remove_virtual_measurement", { measurement: "m v1" }, {}, "virtual.measurements", "AllowedToJoin"],
  ["set_snp_minimum_tcb_version", "remove_snp_minimum_tcb_version", { cpuid: CPUID }, { tcb_version: TCB }, "snp.tcb_versions", TCB],
])("%s", (add, remove, key, rest, table, value) => {
  const id = Object.values(key)[0] ?? "";

  test("allows code to join, drops all other open proposals, and is undone", () => {
    const other = service.propose("isv", { name: "trigger_snapshot", args: null });
    pass(add, { ...key, ...rest });
    expect(row(table, id)).toEqual(value);
    expect(service.state(other.id)).toBe("Dropped");
    pass(remove, key);
    expect(row(table, id)).toBeUndefined();
  });
});

test("host data of virtual nodes are a set", () => {
  const has = () => service.read(({ virtualHostData }) => virtualHostData.get("h"));
  pass("add_virtual_host_data", { host_data: "h" });
  expect(has()).toEqual(new Uint8Array(8));
  pass("remove_virtual_host_data", { host_data: "h" });
  expect(has()).toBeUndefined();
});

test("UVM endorsements are kept by DID and feed", () => {
  const did = "did:x509:0:sha256:I__iuL25oXEVFdTP_aBLx_eT1RPHbCQ_ECBQfYZpt9s::eku:1.3.6.1.4.1.311.76.59.1.2";
  const other = service.propose("isv", { name: "trigger_snapshot", args: null });
  pass("add_snp_uvm_endorsement", { did, feed: "ContainerPlat-AMD-UVM", svn: "100" });
  expect(service.state(other.id)).toBe("Dropped");
  pass("add_snp_uvm_endorsement", { did, feed: "__proto__", svn: "1" });
  pass("add_snp_uvm_endorsement", { did, feed: "ContainerPlat-AMD-UVM", svn: "101" });
  expect(JSON.stringify(row("snp.uvm_endorsements", did))).toBe('{"ContainerPlat-AMD-UVM":{"svn":"101"},"__proto__":{"svn":"1"}}');
  pass("remove_snp_uvm_endorsement", { did, feed: "ContainerPlat-AMD-UVM" });
  expect(JSON.stringify(row("snp.uvm_endorsements", did))).toBe('{"__proto__":{"svn":"1"}}');
  pass("remove_snp_uvm_endorsement", { did, feed: "__proto__" });
  pass("remove_snp_uvm_endorsement", { did, feed: "never" });
  expect(row("snp.uvm_endorsements", did)).toBeUndefined();
});

test("host data come without a policy, or with the one that they are the digest of", () => {
  pass("add_snp_host_data", { host_data: "ab".repeat(32), security_policy: "" });
  expect(row("snp.host_data", "ab".repeat(32))).toBe("");
  const wrong = { name: "add_snp_host_data", args: { host_data: "ab".repeat(32), security_policy: POLICY } };
  expect(service.problems(wrong)).toContain(`the digest of security_policy is ${POLICY_DIGEST}, not host_data`);
});

test("a minimum that is not there cannot be removed", () => {
  expect(() => {
    pass("remove_snp_minimum_tcb_version", { cpuid: CPUID });
  }).toThrow(`there is no minimum for the processor ${CPUID}`);
});

test("hexadecimal TCB versions need a CCF that can read them", () => {
  const problem = service.problems({ name: "set_snp_minimum_tcb_version_hex", args: { cpuid: CPUID, tcb_version: "d315000000000004" } });
  expect(problem).toContain("this release of CCF cannot read hexadecimal versions; use set_snp_minimum_tcb_version");
});

test.each([
  ["add_node_code", { code_id: "AB".repeat(32) }, "code_id must be 64 lower-case hexadecimal digits"],
  ["add_snp_measurement", { measurement: "ab".repeat(32) }, "measurement must be 96 lower-case hexadecimal digits"],
  ["add_virtual_measurement", { measurement: "m v1\0" }, "measurement must be a string that is not empty"],
  ["add_snp_host_data", { host_data: "ab".repeat(32) }, "security_policy is missing"],
  ["add_snp_uvm_endorsement", { did: "d", feed: "f", svn: 100 }, "svn must be a decimal number as text"],
  ["add_virtual_host_data", { host_data: "" }, "host_data must be a string that is not empty"],
  ["set_snp_minimum_tcb_version", { cpuid: "00A00F11", tcb_version: TCB }, "cpuid must be 8 lower-case hexadecimal digits"],
  ["set_snp_minimum_tcb_version", { cpuid: CPUID, tcb_version: { ...TCB, snp: 256 } }, "tcb_version.snp must be an integer from 0 to 255"],
  ["set_snp_minimum_tcb_version", { cpuid: CPUID, tcb_version: { ...TCB, hexstring: "" } }, "tcb_version.hexstring is unknown"],
])("%s %j: %s", (name, args, problem) => {
  expect(service.problems({ name, args })).toContain(problem);
});
