/** What a policy says of a container: what the hardware lets start, and with what. */
export type Measured = {
  readonly name: string;
  readonly image: string;
  /** Empty where the image itself says what runs. */
  readonly command: readonly string[];
  readonly environment: readonly Variable[];
  readonly mounts: readonly Mount[];
  readonly privileged: boolean;
};

/** A container of the clean room. */
export type Container = Measured & {
  readonly ports: readonly number[];
  /** Cores. */
  readonly cpu: number;
  readonly memoryInGB: number;
  /** Runs before the others, and ends. */
  readonly init?: boolean;
};

export type Variable = {
  readonly name: string;
  /** Undefined where only the deployment knows it. */
  readonly value: string | undefined;
};

/** Folders that containers share, and where they see them. */
export const volumes = {
  remotemounts: "/mnt/remote",
  uds: "/mnt/uds",
  telemetrymounts: "/mnt/telemetry",
  volumestatusmounts: "/mnt/volumestatus",
} as const;
export type VolumeName = keyof typeof volumes;

export type Mount = { readonly volume: string; readonly path: string };

export function mount(...names: readonly VolumeName[]): Mount[] {
  return names.map((volume) => ({ volume, path: volumes[volume] }));
}

/** Variables whose values the policy leaves open: who deploys may set them. All others are measured as they stand. */
const open = new Set([
  "APPLICATION_NAME",
  "CCR_FQDN",
  "CLIENT_ID",
  "TENANT_ID",
  "IdentitySideCarArgs",
  "LogFile",
  "Port",
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  "OTEL_EXPORTER_OTLP_PROTOCOL",
  "OTEL_METRIC_EXPORT_INTERVAL",
]);

/** What a policy demands of the value of a variable: the text itself, or what a pattern of RE2 says. */
export type EnvironmentRule = { readonly name: string; readonly value: string; readonly strategy: "string" | "re2" };

export function ruleOf({ name, value }: Variable): EnvironmentRule {
  return open.has(name) ? { name, value: ".*", strategy: "re2" } : { name, value: value ?? "", strategy: "string" };
}

/** Whether a policy measures the value of a variable. */
export function isMeasured(name: string): boolean {
  return !open.has(name);
}
