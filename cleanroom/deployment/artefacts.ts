import { containersOf } from "./containers.js";
import { governancePolicy, hostDataOf } from "./hostData.js";
import type { DeploymentPlan } from "./plan.js";
import type { Container } from "./container.js";
import { policyInput } from "./policyInput.js";
import { template } from "./template.js";
import type { Sidecars } from "./sidecars.js";

/** What a deployment of a contract comes with. */
export type Artefacts = {
  /** What tools make a policy of. */
  readonly input: ReturnType<typeof policyInput>;
  /** Text of the policy that the hardware, or the local runner, enforces. */
  readonly policy: string;
  readonly hostData: string;
  readonly template: ReturnType<typeof template>;
  /** The claims to propose to the members. */
  readonly governancePolicy: ReturnType<typeof governancePolicy>;
};

/** @param makePolicy from all containers to the text of a policy for them */
export async function artefacts(
  plan: DeploymentPlan,
  sidecars: Sidecars,
  makePolicy: (containers: readonly Container[]) => string | Promise<string>,
): Promise<Artefacts> {
  const containers = containersOf(plan, sidecars);
  const policy = await makePolicy(containers);
  const hostData = hostDataOf(policy);
  return {
    input: policyInput(containers),
    policy,
    hostData,
    template: template({ plan, containers, policy, version: sidecars.version }),
    governancePolicy: governancePolicy(hostData),
  };
}
