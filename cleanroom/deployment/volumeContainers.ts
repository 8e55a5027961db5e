import { mount, volumes, type Container, type Variable } from "./container.js";
import type { Volume } from "./plan.js";
import { sidecarCommand, sidecarImage, type Sidecars } from "./sidecars.js";
import { told } from "./telemetry.js";

/**
 * The containers that mount the data. What a client encrypted before it left takes two: one shows the account as it is, the other
 * decrypts what the first one shows.
 */
export function volumeContainers(plan: readonly Volume[], sidecars: Sidecars): Container[] {
  return plan.flatMap((volume) =>
    volume.mode === "CSE"
      ? [mounting(volume, plainName(volume.name), "None", sidecars), mounting(volume, volume.name, "CSE", sidecars)]
      : [mounting(volume, volume.name, volume.mode, sidecars)],
  );
}

/** The name under which what a client encrypted is mounted as it is. */
export const plainName = (name: string): string => `${name}-plain`;

function mounting(volume: Volume, name: string, mode: string, sidecars: Sidecars): Container {
  return {
    name: `${name}-blobfuse-container`,
    image: sidecarImage(sidecars, "blobfuse-launcher"),
    command: sidecarCommand(
      sidecars,
      "blobfuse-launcher",
      ...["--skr-port", "8284", "--secrets-port", "9300", "--imds-port", "8290"],
      volume.readOnly ? "--read-only" : "--no-read-only",
      volume.oneLake ? "--use-adls" : "--no-use-adls",
      ...["--mount-path", `${volumes.remotemounts}/${name}`, "--custom-encryption-mode", mode],
    ),
    environment: [...accountOf(volume), ...keysOf(volume), ...told("endpoint", "protocol", "interval", "telemetry", "volumestatus")],
    mounts: mount("remotemounts", "telemetrymounts", "volumestatusmounts"),
    privileged: true,
    ports: [],
    cpu: 0.2,
    memoryInGB: 0.5,
  };
}

function accountOf({ name, accountUrl, container, clientId, tenantId }: Volume): Variable[] {
  return [
    { name: "AZURE_STORAGE_ACCOUNT", value: new URL(accountUrl).hostname.split(".")[0] },
    { name: "ACCESS_NAME", value: name },
    { name: "AZURE_STORAGE_ACCOUNT_CONTAINER", value: container },
    { name: "AZURE_STORAGE_BLOB_ENDPOINT", value: accountUrl },
    { name: "CLIENT_ID", value: clientId },
    { name: "TENANT_ID", value: tenantId },
  ];
}

function keysOf({ keys }: Volume): Variable[] {
  if (!keys) return [];
  return [
    { name: "MAA_ENDPOINT", value: keys.maaUrl },
    { name: "AKV_ENDPOINT", value: keys.kekVaultUrl },
    { name: "KID", value: keys.kek },
    { name: "WRAPPED_DEK_SECRET", value: keys.wrappedDek },
    { name: "WRAPPED_DEK_AKV_ENDPOINT", value: keys.dekVaultUrl },
  ];
}
