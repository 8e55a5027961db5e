import { action } from "../action.js";
import { hex, nonEmptyString } from "../arguments.js";
import { dropOtherOpenProposals } from "../proposals.js";
import { nodeCodeIds, virtualHostData, virtualMeasurements } from "../tables.js";

/*! Code that may join a network on platforms other than SEV-SNP: SGX (of old), and virtual nodes, which protect nothing. */
action("add_node_code", { code_id: hex(32) }, ({ code_id }, proposalId) => {
  nodeCodeIds.set(code_id, "AllowedToJoin");
  dropOtherOpenProposals(proposalId);
});

action("remove_node_code", { code_id: hex(32) }, ({ code_id }) => {
  nodeCodeIds.delete(code_id);
});

action("add_virtual_measurement", { measurement: nonEmptyString }, ({ measurement }, proposalId) => {
  virtualMeasurements.set(measurement, "AllowedToJoin");
  dropOtherOpenProposals(proposalId);
});

action("remove_virtual_measurement", { measurement: nonEmptyString }, ({ measurement }) => {
  virtualMeasurements.delete(measurement);
});

action("add_virtual_host_data", { host_data: nonEmptyString }, ({ host_data }, proposalId) => {
  virtualHostData.set(host_data);
  dropOtherOpenProposals(proposalId);
});

action("remove_virtual_host_data", { host_data: nonEmptyString }, ({ host_data }) => {
  virtualHostData.delete(host_data);
});
