import type { Path } from "./located.js";
import type { Source } from "./read.js";
import type { Application } from "./specification.js";

export type FindingCode =
  | "DatastoreNotFound"
  | "DatasinkNotFound"
  | "DuplicatePort"
  | "NetworkPolicyMissing"
  | "InboundAllowAll"
  | "OutboundAllowAll"
  | "InboundTrafficNotAllowed"
  | "MultipleApplications";

/** Something that the schema allows and that will not work, or that a party should know before it agrees. */
export type Finding = {
  readonly severity: "error" | "warning";
  readonly code: FindingCode;
  /** `FILE:LINE:COLUMN` */
  readonly place: string;
  readonly message: string;
};

type Note = Omit<Finding, "place"> & { readonly path: Path };

/** What is wrong with a specification, and what is worth a thought. */
export function findingsIn(source: Source): Finding[] {
  const { config, seed, at } = source;
  const notes = [
    ...config.applications.flatMap((application, index) => missingMounts(application, ["applications", index], source)),
    ...duplicatePorts(config.applications),
    ...openPorts(config, seed !== undefined && seed.networkPolicy === undefined),
    ...allowAll(config),
  ];
  if (config.applications.length > 1) {
    const names = config.applications.map(({ name }) => name).join(", ");
    notes.push(warning("MultipleApplications", ["applications"], `there are ${config.applications.length} applications: ${names}`));
  }
  return notes.map(({ path, ...finding }) => ({ ...finding, place: at(path) }));
}

function missingMounts({ name, ...application }: Application, path: Path, { config }: Source): Note[] {
  const { datasources, datasinks } = config;
  const has = (points: typeof datasources, wanted: string): boolean => points.some((point) => point.name === wanted);
  const sources = Object.keys(application.datasources ?? {}).filter((wanted) => !has(datasources, wanted));
  const sinks = Object.keys(application.datasinks ?? {}).filter((wanted) => !has(datasinks, wanted));
  const either = Object.keys(application.runtimeSettings.mounts ?? {}).filter((wanted) => !has([...datasources, ...datasinks], wanted));
  const message = (wanted: string, kind: string): string => `application "${name}" mounts "${wanted}", and no ${kind} has that name`;
  return [
    ...sources.map((one) => error("DatastoreNotFound", [...path, "datasources", one], message(one, "datasource"))),
    ...sinks.map((one) => error("DatasinkNotFound", [...path, "datasinks", one], message(one, "datasink"))),
    ...either.map((one) => error("DatastoreNotFound", [...path, "runtimeSettings", "mounts", one], message(one, "datasource or datasink"))),
  ];
}

/** The applications of a clean room share one network address. */
function duplicatePorts(applications: readonly Application[]): Note[] {
  const users = new Map<number, string>();
  return applications.flatMap(({ name, runtimeSettings }, index) =>
    runtimeSettings.ports.flatMap((port, place) => {
      const first = users.get(port);
      users.set(port, first ?? name);
      if (first === undefined) return [];
      const who = first === name ? `application "${name}" twice` : `applications "${first}" and "${name}"`;
      return [error("DuplicatePort", ["applications", index, "runtimeSettings", "ports", place], `port ${port} is used by ${who}`)];
    }),
  );
}

function openPorts({ applications, network }: Source["config"], needsPolicy: boolean): Note[] {
  if (network?.http?.inbound?.enabled === true) return [];
  return applications.flatMap(({ name, runtimeSettings: { ports } }, index) => {
    if (ports.length === 0) return [];
    const path = ["applications", index, "runtimeSettings", "ports"];
    const open = `application "${name}" opens port ${ports.join(", ")}, and`;
    return needsPolicy
      ? [error("NetworkPolicyMissing", path, `${open} there is no networkPolicy`)]
      : [warning("InboundTrafficNotAllowed", path, `${open} inbound traffic is not enabled: nothing will reach it`)];
  });
}

function allowAll({ network }: Source["config"]): Note[] {
  const { inbound, outbound } = network?.http ?? {};
  const open = (traffic: typeof inbound): boolean => traffic?.enabled === true && !traffic.policy.privacyPolicy;
  return [
    ...(open(inbound) ? [warning("InboundAllowAll", ["network", "http", "inbound"], "all inbound HTTP traffic is let in: no policy")] : []),
    ...(open(outbound)
      ? [warning("OutboundAllowAll", ["network", "http", "outbound"], "all outbound HTTP traffic is let out: no policy")]
      : []),
  ];
}

function error(code: FindingCode, path: Path, message: string): Note {
  return { severity: "error", code, path, message };
}

function warning(code: FindingCode, path: Path, message: string): Note {
  return { severity: "warning", code, path, message };
}
