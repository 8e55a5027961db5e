import { settleMounts } from "./application.js";
import type { AccessPoint, Config, Governance } from "./specification.js";

export type PointKind = "datasource" | "datasink";

/** Changes every datasource and datasink, and with it what telemetry repeats of it. */
export function changedPoints(config: Config, change: (point: AccessPoint) => AccessPoint): Config {
  const { governance } = config;
  return {
    ...config,
    datasources: config.datasources.map(change),
    datasinks: config.datasinks.map(change),
    ...(governance && { governance: { ...governance, ...changedTelemetry(governance, change) } }),
  };
}

function changedTelemetry({ telemetry }: Governance, change: (point: AccessPoint) => AccessPoint): Pick<Governance, "telemetry"> {
  if (!telemetry) return {};
  const { application, infrastructure } = telemetry;
  return {
    telemetry: {
      ...(infrastructure && {
        infrastructure: {
          ...infrastructure,
          metrics: change(infrastructure.metrics),
          traces: change(infrastructure.traces),
          logs: change(infrastructure.logs),
        },
      }),
      ...(application && { application: { ...application, logs: change(application.logs) } }),
    },
  };
}

/** Adds a datasource or datasink, in place of one of that name. */
export function withPoint(config: Config, kind: PointKind, point: AccessPoint): Config {
  const list = `${kind}s` as const;
  const replaced = changedPoints(config, (known) => (known.name === point.name ? point : known));
  const there = config[list].some(({ name }) => name === point.name);
  return settleMounts(there ? replaced : { ...replaced, [list]: [...replaced[list], point] });
}

/** Sends logs of the applications, or all that the clean room itself reports, to a datasink. */
export function withTelemetry(config: Config, kind: "application" | "infrastructure", sink: AccessPoint): Config {
  const told = kind === "application" ? { logs: sink } : { metrics: sink, traces: sink, logs: sink };
  const { governance } = config;
  const { telemetry } = governance ?? {};
  const part = { ...telemetry?.[kind], ...told };
  return { ...config, governance: { ...governance, telemetry: { ...telemetry, [kind]: part } } };
}
