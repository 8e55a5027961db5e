import { handler } from "../http/handler.js";
import { openProposalsOn } from "../kv/proposals.js";
import { deploymentInfo } from "../kv/tables.js";
import { ContractPath } from "../model/contract.js";
import { DeploymentView } from "../model/deployment.js";

/** POST /contracts/{contractId}/deploymentinfo: what the members agreed to tell about the deployment, and open proposals to tell something else. */
export const getDeploymentInformation = handler({ params: ContractPath, returns: DeploymentView }, ({ params: { contractId } }) => ({
  proposalIds: openProposalsOn("set_deployment_info", contractId),
  data: deploymentInfo.get(contractId)?.data ?? {},
}));
