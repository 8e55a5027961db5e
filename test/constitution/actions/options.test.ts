import { beforeAll, expect, test } from "vitest";
import { SERVICE_OPTIONS } from "../../../src/model/options.js";
import { GovernedService } from "../service.js";

let service: GovernedService;
beforeAll(async () => {
  service = await GovernedService.start({ isv: {} });
  service.agreeContract("c1");
});

test.each(["logging", "telemetry"])("%s of a contract is enabled and disabled", (what) => {
  for (const [verb, status] of [
    ["enable", "enabled"],
    ["disable", "disabled"],
  ] as const) {
    const { id, state } = service.propose("isv", { name: `set_contract_runtime_options_${verb}_${what}`, args: { contractId: "c1" } });
    if (state === "Open") service.vote("isv", id, "yes");
    expect(service.row(`public:ccf.gov.contracts_${what}_status`, "c1")).toEqual({ status });
  }
});

test.each(SERVICE_OPTIONS)("%s is enabled and disabled", (option) => {
  for (const status of ["enabled", "disabled"]) {
    service.pass(["isv"], { name: "set_cgs_runtime_options", args: { option, status } });
    expect(service.row("public:ccf.gov.cgs_runtime_options", option)).toEqual({ status });
  }
});

const option = SERVICE_OPTIONS[0];
test.each([
  ["set_contract_runtime_options_enable_logging", { contractId: "c2" }, "contractId c2 is not an accepted contract"],
  ["set_contract_runtime_options_disable_logging", { contractId: null }, "contractId must be"],
  ["set_contract_runtime_options_enable_telemetry", {}, "contractId is missing"],
  ["set_contract_runtime_options_disable_telemetry", { contractId: "c1", status: "enabled" }, "status is unknown"],
  ["set_cgs_runtime_options", { option: "constructor", status: "enabled" }, "option must be one of autoapprove-constitution-proposal, "],
  ["set_cgs_runtime_options", { status: "enabled" }, "option is missing"],
  ["set_cgs_runtime_options", { option, status: true }, "status must be one of enabled, disabled"],
  ["set_cgs_runtime_options", { option, status: "Enabled" }, "status must be one of enabled, disabled"],
])("%s %j is refused: %s", (name, args, problem) => {
  expect(service.problems({ name, args })).toContain(`${name} at position 0 failed validation: ${problem}`);
});
