import { deploymentInfo, deploymentSpecs } from "../../src/kv/tables.js";
import { action } from "../action.js";
import { acceptedContract, objectWith, truthy } from "../arguments.js";

const Deployment = objectWith({ data: truthy });

/*! What is to be deployed for a contract. */
action("set_deployment_spec", { contractId: acceptedContract, spec: Deployment }, ({ contractId, spec }) => {
  deploymentSpecs.set(contractId, { data: spec.data });
});

/*! What has been deployed for it: addresses, say. */
action("set_deployment_info", { contractId: acceptedContract, info: Deployment }, ({ contractId, info }) => {
  deploymentInfo.set(contractId, { data: info.data });
});
