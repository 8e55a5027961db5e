import type { Volume } from "../deployment/plan.js";

/** What a clean room does, as its template says. */
export type RoomPlan = {
  /** SHA-256 of the text of its policy, hexadecimal. */
  readonly hostData: string;
  readonly policy: "local" | "allow-all";
  readonly governance: RoomGovernance;
  readonly applications: readonly RoomApplication[];
  readonly volumes: readonly RoomVolume[];
  /** What the contract opens to the network, and this runner does not. */
  readonly openings: readonly string[];
};

export type RoomGovernance = {
  /** `https://host:port` */
  readonly ccfEndpoint: string;
  /** PEM; the only certificate that is trusted. */
  readonly serviceCertificate: string;
  readonly contractId: string;
};

export type RoomApplication = {
  readonly name: string;
  /** `REGISTRY/NAME@sha256:DIGEST` */
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly mounts: readonly RoomMount[];
  readonly startType: "Auto" | "Manual";
};

/** A volume, and the absolute path at which an application sees it. */
export type RoomMount = { readonly volume: string; readonly path: string; readonly readOnly: boolean };

export type RoomVolume = Omit<Volume, "clientId" | "tenantId"> & { readonly identity: RoomIdentity };

/** Who the clean room is towards a cloud, by a token of governance. */
export type RoomIdentity = {
  readonly clientId: string;
  readonly tenantId: string;
  /** Of the token. */
  readonly subject: string;
  readonly audience: string;
};

/** The datasinks that take what applications write to their output, and what the clean room says of itself. */
export const telemetrySinks = { logs: "application-telemetry", telemetry: "infrastructure-telemetry" } as const;

/** The datasinks that take results. */
export function resultSinks({ volumes }: RoomPlan): RoomVolume[] {
  const others: readonly string[] = Object.values(telemetrySinks);
  return volumes.filter(({ name, readOnly }) => !readOnly && !others.includes(name));
}
