import type { Contract } from "../../client/contracts.js";
import { findingsIn, parseConfig, type Specification } from "../config/model.js";
import { CommandError } from "../failure.js";
import type { Io } from "../io.js";

/**
 * The description of the clean room that an accepted contract is; warnings are told.
 *
 * @param policy how the policy is made: one that has no layers of images can rely on digests alone
 * @throws CommandError where there is nothing to deploy
 */
export function agreedSpecification({ id, state, data }: Contract, policy: string, io: Io): Specification {
  if (state !== "Accepted") throw new CommandError(`contract "${id}" is not accepted, it is ${state}: there is nothing agreed to deploy`);
  if (typeof data !== "string") throw new CommandError(`contract "${id}" is no text: it does not describe a clean room`);
  const source = parseConfig(`contract ${id}`, data);
  const findings = findingsIn(source);
  const of = (severity: "error" | "warning"): string[] =>
    findings.filter((one) => one.severity === severity).map(({ place, code, message }) => `${place}: ${code}: ${message}`);
  for (const line of of("warning")) io.note(`warning: ${line}`);
  const errors = of("error");
  if (errors.length > 0) throw new CommandError(errors.join("\n  "));
  const { applications } = source.config;
  if (applications.length === 0) throw new CommandError(`contract "${id}" has no application: there is nothing to deploy`);
  for (const { name, image } of applications) {
    const reference = image.executable.backingResource.id;
    if (policy === "local" && !/@sha256:[0-9a-f]{64}$/.test(reference)) {
      throw new CommandError(`image ${reference} of application "${name}" has no digest (@sha256:...): a policy would not bind what runs`);
    }
  }
  return source.config;
}
