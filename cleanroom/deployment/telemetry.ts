import { volumes, type Variable } from "./container.js";

/** Where a container sends what it reports, and where it writes. */
const variables = {
  endpoint: { name: "OTEL_EXPORTER_OTLP_ENDPOINT", value: "http://localhost:4317" },
  protocol: { name: "OTEL_EXPORTER_OTLP_PROTOCOL", value: "grpc" },
  /** Milliseconds. */
  interval: { name: "OTEL_METRIC_EXPORT_INTERVAL", value: "5000" },
  telemetry: { name: "TELEMETRY_MOUNT_PATH", value: volumes.telemetrymounts },
  volumestatus: { name: "VOLUMESTATUS_MOUNT_PATH", value: volumes.volumestatusmounts },
} satisfies Record<string, Variable>;

/** The variables that tell a container so. */
export function told(...of: readonly (keyof typeof variables)[]): Variable[] {
  return of.map((key) => variables[key]);
}
