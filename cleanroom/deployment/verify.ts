import { allowAllPolicy } from "./allowAllPolicy.js";
import { differences, type Difference } from "./differences.js";
import { hostDataOf } from "./hostData.js";
import { allowed, allowedBy, localPolicy } from "./localPolicy.js";
import { readTemplate, type ReadTemplate } from "./templateReading.js";

/** What the members agreed on for a contract; `template` is undefined while there is none. */
export type Agreed = {
  readonly template: unknown;
  /** The values that host data may have. */
  readonly hostData: readonly unknown[];
};

export type Verdict = {
  /** Recomputed from the template. */
  readonly hostData: string;
  readonly policy: "local" | "allow-all" | "other";
  /** What keeps the template from being what was agreed on: one line each; none when it is. */
  readonly problems: readonly string[];
};

/**
 * Compares a template with what was agreed on: the digest of its policy with the claims, itself with the agreed template, and, where the
 * policy is one of the local runner, its containers with those that the policy allows.
 *
 * @throws UnreadableTemplate
 */
export function verifyTemplate(template: unknown, agreed: Agreed): Verdict {
  const read = readTemplate(template);
  const hostData = hostDataOf(read.policy);
  const kind = policyKind(read.policy);
  const problems = [
    ...wrongHostData(hostData, agreed.hostData),
    ...wrongTemplate(template, agreed.template),
    ...(kind === "local" ? wrongContainers(read) : []),
  ];
  return { hostData, policy: kind, problems };
}

/** Which kind of policy a text is: one whose containers are known here, one that lets anything start, or one of other tools. */
export function policyKind(policy: string): Verdict["policy"] {
  if (policy === allowAllPolicy) return "allow-all";
  return allowedBy(policy) ? "local" : "other";
}

function wrongHostData(hostData: string, accepted: Agreed["hostData"]): string[] {
  if (accepted.includes(hostData)) return [];
  const known = accepted.length === 0 ? "no host data is agreed on" : `agreed on is ${accepted.map(String).join(", ")}`;
  return [`policy: host data of the template is ${hostData}; ${known}`];
}

function wrongTemplate(template: unknown, accepted: unknown): string[] {
  if (accepted === undefined) return ["template: none is agreed on"];
  return lines("template", "here", "agreed on", differences(template, accepted));
}

/** What keeps the containers of a template from being those that its policy, one of the local runner, allows: one line each. */
export function wrongContainers({ policy, containers }: ReadTemplate): string[] {
  const inTemplate = new Map(containers.map((one) => [one.name, allowed(one)]));
  const inPolicy = new Map((allowedBy(policy) ?? []).map((one) => [one.name, one]));
  const names = [...new Set([...inTemplate.keys(), ...inPolicy.keys()])];
  const found = names.flatMap((name) =>
    lines(`container ${name}`, "in the template", "in the policy", differences(inTemplate.get(name), inPolicy.get(name))),
  );
  if (found.length > 0 || localPolicy(containers) === policy) return found;
  return ["containers: the policy has them in another order, or says more than them"];
}

/** Differences beyond these are only counted. */
const MANY = 10;

function lines(what: string, here: string, there: string, found: readonly Difference[]): string[] {
  const told = found.slice(0, MANY).map(({ path, left, right }) => `${what}: ${path || "it"} is ${left} ${here}, ${right} ${there}`);
  return found.length > MANY ? [...told, `${what}: and ${found.length - MANY} more differences`] : told;
}
