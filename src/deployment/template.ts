import { handler } from "../http/handler.js";
import { openProposalsOn } from "../kv/proposals.js";
import { deploymentSpecs } from "../kv/tables.js";
import { ContractPath } from "../model/contract.js";
import { DeploymentView } from "../model/deployment.js";

/** GET and POST /contracts/{contractId}/deploymentspec: the deployment template that the members agreed on, and open proposals of another. */
export const getDeploymentTemplate = handler({ params: ContractPath, returns: DeploymentView }, ({ params: { contractId } }) => ({
  proposalIds: openProposalsOn("set_deployment_spec", contractId),
  data: deploymentSpecs.get(contractId)?.data ?? {},
}));
