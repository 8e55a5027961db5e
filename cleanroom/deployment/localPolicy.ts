import { compactJson } from "./compactJson.js";
import { ruleOf, type EnvironmentRule, type Measured, type Mount } from "./container.js";

/** A container as a policy lets it start. Fields as in the policies of confidential container groups, but for the layers of the image. */
export type AllowedContainer = {
  readonly name: string;
  /** The image. */
  readonly id: string;
  /** Empty where the image itself says what runs. */
  readonly command: readonly string[];
  readonly env_rules: readonly { readonly pattern: string; readonly strategy: EnvironmentRule["strategy"]; readonly required: false }[];
  readonly mounts: readonly {
    readonly destination: string;
    readonly source: string;
    readonly type: "bind";
    readonly options: readonly string[];
  }[];
  readonly allow_elevated: boolean;
};

const before = `package policy

api_version := "0.10.0"

# For the local runner. It names no layers of images, so confidential hardware starts nothing under it.
containers := `;

/** The policy of the local runner for some containers: the same containers give the same bytes. */
export function localPolicy(containers: readonly Measured[]): string {
  return `${before}${compactJson(containers.map(allowed))}\n`;
}

/** What a policy of the local runner allows; undefined where the text is of another kind. Only the names are sure to be there. */
export function allowedBy(policy: string): AllowedContainer[] | undefined {
  if (!policy.startsWith(before)) return undefined;
  try {
    const containers: unknown = JSON.parse(policy.slice(before.length));
    return Array.isArray(containers) && containers.every(hasName) ? (containers as AllowedContainer[]) : undefined;
  } catch {
    return undefined;
  }
}

function hasName(value: unknown): boolean {
  return typeof value === "object" && value !== null && "name" in value && typeof value.name === "string";
}

/** What has to be allowed for a container to start. */
export function allowed({ name, image, command, environment, mounts, privileged }: Measured): AllowedContainer {
  return {
    name,
    id: image,
    command,
    env_rules: environment.map(ruleOf).map((rule) => ({ pattern: `${rule.name}=${rule.value}`, strategy: rule.strategy, required: false })),
    mounts: mounts.map(bind),
    allow_elevated: privileged,
  };
}

function bind({ volume, path }: Mount): AllowedContainer["mounts"][number] {
  return { destination: path, source: `emptyDir:${volume}`, type: "bind", options: ["rbind", "rshared", "rw"] };
}
