import type { Action } from "./governance/proposal.js";
import { ask, getJson, path, type Session } from "./session.js";

/** What the members agreed to deploy for a contract, or to tell about it. */
export type Deployment = {
  /** Open proposals of something else. */
  readonly proposalIds: readonly string[];
  /** As proposed; an empty object while nothing is agreed. */
  readonly data: unknown;
};

/** The deployment template of a contract. */
export function getDeploymentTemplate({ transport }: Session, contractId: string): Promise<Deployment> {
  return getJson(transport, path`/app/contracts/${contractId}/deploymentspec`);
}

/** Information on the deployment: addresses, say. */
export function getDeploymentInformation({ transport }: Session, contractId: string): Promise<Deployment> {
  return ask(transport, path`/app/contracts/${contractId}/deploymentinfo`);
}

export function setDeploymentTemplate(contractId: string, data: unknown): Action {
  return { name: "set_deployment_spec", args: { contractId, spec: { data } } };
}

export function setDeploymentInformation(contractId: string, data: unknown): Action {
  return { name: "set_deployment_info", args: { contractId, info: { data } } };
}

/** A change of the claims that clean rooms of a contract have to present. */
export type PolicyChange = {
  readonly type: "add" | "remove";
  /** For each claim a value, or several of which any will do. */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly policyType?: string;
};

export function setCleanRoomPolicy(contractId: string, change: PolicyChange): Action {
  return { name: "set_clean_room_policy", args: { ...change, contractId } };
}
