import { beforeAll, describe, expect, test } from "vitest";
import { GovernedService } from "../service.js";

let service: GovernedService;
beforeAll(async () => {
  service = await GovernedService.start({ isv: {} });
  service.agreeContract("c1");
});

describe.each([
  ["set_deployment_spec", "spec", "public:ccf.gov.deployment_specs"],
  ["set_deployment_info", "info", "public:ccf.gov.deployment_info"],
])("%s", (name, field, table) => {
  test("keeps the data of an accepted contract, and replaces them", () => {
    service.pass(["isv"], { name, args: { contractId: "c1", [field]: { data: { template: [1] }, proposalIds: [] } } });
    expect(service.row(table, "c1")).toEqual({ data: { template: [1] } });
    service.pass(["isv"], { name, args: { contractId: "c1", [field]: { data: "second" } } });
    expect(service.row(table, "c1")).toEqual({ data: "second" });
  });

  test.each([
    [{ contractId: "unknown", [field]: { data: 1 } }, "contractId unknown is not an accepted contract"],
    [{ contractId: "constructor", [field]: { data: 1 } }, "contractId constructor is not an accepted contract"],
    [{ contractId: ["c1"], [field]: { data: 1 } }, "contractId must be 1 to 128 letters"],
    [{ contractId: "c%31", [field]: { data: 1 } }, "contractId must be 1 to 128 letters"],
    [{ [field]: { data: 1 } }, "contractId is missing"],
    [{ contractId: "c1" }, `${field} is missing`],
    [{ contractId: "c1", [field]: null }, `${field} must be an object`],
    [{ contractId: "c1", [field]: [{ data: 1 }] }, `${field} must be an object`],
    [{ contractId: "c1", [field]: "text" }, `${field} must be an object`],
    [{ contractId: "c1", [field]: {} }, `${field}.data is missing`],
    [{ contractId: "c1", [field]: { data: null } }, `${field}.data must be something other than null`],
    [{ contractId: "c1", [field]: { data: 1 }, more: 1 }, "more is unknown"],
  ])("%j is refused: %s", (args, problem) => {
    expect(service.problems({ name, args })).toContain(`${name} at position 0 failed validation: ${problem}`);
  });
});
