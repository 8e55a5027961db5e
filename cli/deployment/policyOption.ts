import { allowAllPolicy } from "../../cleanroom/deployment/allowAllPolicy.js";
import type { Container } from "../../cleanroom/deployment/container.js";
import { localPolicy } from "../../cleanroom/deployment/localPolicy.js";
import { policyInput } from "../../cleanroom/deployment/policyInput.js";
import { arePinned, type Sidecars } from "../../cleanroom/deployment/sidecars.js";
import { CommandError, UsageError } from "../failure.js";
import type { Io } from "../io.js";
import { confcomPolicy } from "./confcom.js";

export const policyOptions = ["local", "generate", "generate-debug", "allow-all", "cached", "cached-debug"] as const;
type PolicyOption = (typeof policyOptions)[number];

/** How a policy comes about: the option, or `--allow-all`, its older spelling. @throws UsageError */
export function chosenPolicy(option: PolicyOption | undefined, allowAll: boolean): Exclude<PolicyOption, "cached" | "cached-debug"> {
  if (allowAll && option !== undefined && option !== "allow-all") {
    throw new UsageError(`--allow-all and --security-policy-creation-option ${option} contradict each other`);
  }
  const chosen = allowAll ? "allow-all" : (option ?? "local");
  if (chosen !== "cached" && chosen !== "cached-debug") return chosen;
  const instead = chosen === "cached" ? "generate" : "generate-debug";
  throw new UsageError(`no policies of sidecars are kept here: give --security-policy-creation-option ${instead} instead of ${chosen}`);
}

/** Makes policies in the chosen way. @throws CommandError where the images do not allow it */
export function policyMaker(
  chosen: ReturnType<typeof chosenPolicy>,
  sidecars: Sidecars,
  io: Io,
): (containers: readonly Container[]) => string | Promise<string> {
  switch (chosen) {
    case "allow-all":
      io.note("warning: the policy allows everything: whoever deploys can run anything with the data of this contract");
      return () => allowAllPolicy;
    case "local":
      io.note("The policy is for the local runner; for Azure give --security-policy-creation-option generate and --sidecars FILE.");
      return localPolicy;
    case "generate":
    case "generate-debug":
      if (!arePinned(sidecars)) {
        throw new CommandError(
          `${chosen} needs images that can be pulled: give --sidecars FILE with their digests, see docs/deployment.md`,
        );
      }
      return (containers) => confcomPolicy(json(policyInput(containers)), chosen === "generate-debug", io);
  }
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
