import { CleanRoomError } from "../errors.js";
import { hostDataOf } from "../deployment/hostData.js";
import { readTemplate, UnreadableTemplate, type ReadTemplate } from "../deployment/templateReading.js";
import { policyKind, wrongContainers } from "../deployment/verify.js";
import { containerNamed, measured, variable } from "./containerReading.js";
import type { RoomGovernance, RoomPlan } from "./plan.js";
import { readApplication } from "./readApplication.js";
import { readVolumes } from "./readVolumes.js";

/**
 * What a template makes run. Like the hardware, it refuses a template whose containers are not those that its policy allows.
 *
 * @throws CleanRoomError TemplateRefused
 */
export function readPlan(template: unknown): RoomPlan {
  try {
    const read = readTemplate(template);
    const policy = admissible(read);
    const governance = governanceIn(read);
    const volumes = readVolumes(read, governance.contractId);
    const launchers = read.containers.filter(({ command }) => command.includes("--application-base-64"));
    if (launchers.length === 0) throw new UnreadableTemplate("no container launches an application");
    const applications = launchers.map((launcher) => readApplication(launcher, volumes));
    requireDistinct(applications, "applications");
    requireDistinct(volumes, "volumes");
    return { hostData: hostDataOf(read.policy), policy, governance, volumes, applications, openings: openingsOf(read) };
  } catch (cause) {
    if (!(cause instanceof UnreadableTemplate)) throw cause;
    throw new CleanRoomError("TemplateRefused", cause.message, { cause });
  }
}

/** Names are those of folders: two of one name would share one. @throws UnreadableTemplate */
function requireDistinct(all: readonly { readonly name: string }[], what: string): void {
  const twice = all.find(({ name }, index) => all.findIndex((other) => other.name === name) !== index);
  if (twice) throw new UnreadableTemplate(`two ${what} are called "${twice.name}"`);
}

/** @throws CleanRoomError TemplateRefused */
function admissible(read: ReadTemplate): RoomPlan["policy"] {
  const kind = policyKind(read.policy);
  if (kind === "other") {
    throw new CleanRoomError(
      "TemplateRefused",
      "the policy of this template was made for confidential hardware, of the layers of images: only that can run it. For this machine " +
        "the members agree on one of deployment generate --security-policy-creation-option local",
    );
  }
  const [problem, ...more] = kind === "local" ? wrongContainers(read) : [];
  if (problem === undefined) return kind;
  const rest = more.length > 0 ? ` (and ${more.length} more differences, which deployment verify lists)` : "";
  throw new CleanRoomError("TemplateRefused", `the template is not what its policy allows: ${problem}${rest}`);
}

function governanceIn(read: ReadTemplate): RoomGovernance {
  const container = containerNamed(read, "ccr-governance");
  const prefix = measured(container, "ccrgovApiPathPrefix");
  const [, contractId] = /^\/?app\/contracts\/([^/]+)\/?$/.exec(prefix) ?? [];
  if (contractId === undefined) throw new UnreadableTemplate(`ccrgovApiPathPrefix is ${JSON.stringify(prefix)}, not app/contracts/ID`);
  const serviceCertificate = Buffer.from(measured(container, "serviceCert"), "base64").toString("utf8");
  if (!serviceCertificate.includes("-----BEGIN CERTIFICATE-----"))
    throw new UnreadableTemplate("serviceCert is not the base64 of a certificate");
  return { ccfEndpoint: measured(container, "ccrgovEndpoint"), serviceCertificate, contractId };
}

function openingsOf(read: ReadTemplate): string[] {
  const proxy = read.containers.find(({ name }) => name === "ccr-proxy");
  const open = {
    ALLOW_HTTP_INBOUND_ACCESS: "HTTP from outside",
    ALLOW_HTTP_OUTBOUND_ACCESS: "HTTP to the outside",
    ALLOW_TCP_OUTBOUND_ACCESS: "TCP to the outside",
  };
  return Object.entries(open).flatMap(([name, what]) => (proxy && variable(proxy, name) === "true" ? [what] : []));
}
