import type { DeploymentPlan, Volume } from "../../../cleanroom/deployment/plan.js";

/** A datasource whose keys lie in a vault. */
export function volume(more: Partial<Volume> = {}): Volume {
  return {
    name: "cowin",
    readOnly: true,
    oneLake: false,
    mode: "CPK",
    accountUrl: "https://tdpsa01.blob.core.windows.net/",
    container: "cowin",
    clientId: "client-1",
    tenantId: "tenant-1",
    keys: {
      kek: "7e41c0da-collab1",
      kekVaultUrl: "https://tdpvault.vault.azure.net/",
      maaUrl: "https://maa.example",
      wrappedDek: "wrapped-cowin-dek",
      dekVaultUrl: "https://tdpvault.vault.azure.net/",
    },
    ...more,
  };
}

export const image = `registry.example/train@sha256:${"ab".repeat(32)}`;

/** A clean room with one application that reads one datasource. */
export function plan(more: Partial<DeploymentPlan> = {}): DeploymentPlan {
  return {
    contractId: "collab1",
    ccfEndpoint: "https://127.0.0.1:8443",
    serviceCertificate: "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n",
    applications: [{ name: "train", cpu: 0.5, memoryInGB: 4, ports: [], agreed: { name: "train", image } }],
    volumes: [volume()],
    identities: { managed: [], federated: ["client-1"] },
    network: {},
    ...more,
  };
}
