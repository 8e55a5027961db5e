import { ruleOf, type Container } from "./container.js";

/** What `az confcom acipolicygen -i` makes a policy of: the flat form of its input, which every release reads. */
export function policyInput(containers: readonly Container[]) {
  return {
    version: "1.0",
    containers: containers.map(({ name, image, command, environment, mounts, privileged }) => ({
      name,
      containerImage: image,
      ...(command.length > 0 && { command }),
      environmentVariables: environment.map(ruleOf),
      mounts: mounts.map(({ path }) => ({ mountType: "emptyDir", mountPath: path, readonly: false })),
      securityContext: { privileged },
    })),
  };
}
