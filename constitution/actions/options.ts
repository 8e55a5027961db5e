import { loggingStatus, serviceOptions, telemetryStatus } from "../../src/kv/tables.js";
import { SERVICE_OPTIONS } from "../../src/model/options.js";
import { action } from "../action.js";
import { acceptedContract, oneOf } from "../arguments.js";

const Contract = { contractId: acceptedContract };

/*! Whether what the clean room of a contract logs and measures may leave it. */
action("set_contract_runtime_options_enable_logging", Contract, ({ contractId }) => {
  loggingStatus.set(contractId, { status: "enabled" });
});

action("set_contract_runtime_options_disable_logging", Contract, ({ contractId }) => {
  loggingStatus.set(contractId, { status: "disabled" });
});

action("set_contract_runtime_options_enable_telemetry", Contract, ({ contractId }) => {
  telemetryStatus.set(contractId, { status: "enabled" });
});

action("set_contract_runtime_options_disable_telemetry", Contract, ({ contractId }) => {
  telemetryStatus.set(contractId, { status: "disabled" });
});

/*! Lets operators decide alone on one kind of proposal, or no longer: see DELEGATED. */
action("set_cgs_runtime_options", { option: oneOf(...SERVICE_OPTIONS), status: oneOf("enabled", "disabled") }, ({ option, status }) => {
  serviceOptions.set(option, { status });
});
