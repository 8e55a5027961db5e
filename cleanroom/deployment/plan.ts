/** What a clean room is to be made of, as its members agreed: the part of a contract that decides on containers. */
export type DeploymentPlan = {
  readonly contractId: string;
  /** `https://host:port` of the governance service. */
  readonly ccfEndpoint: string;
  /** PEM; what the clean room trusts for that endpoint, and nothing else. */
  readonly serviceCertificate: string;
  readonly applications: readonly PlannedApplication[];
  readonly volumes: readonly Volume[];
  readonly identities: CloudIdentities;
  readonly network: PlannedNetwork;
};

export type PlannedApplication = {
  readonly name: string;
  /** Cores. */
  readonly cpu: number;
  readonly memoryInGB: number;
  readonly ports: readonly number[];
  /** The application as it was agreed on, image, command and all; the launcher is told this and measured with it. */
  readonly agreed: unknown;
};

/** A datasource or datasink, as its sidecar mounts it. */
export type Volume = {
  readonly name: string;
  readonly readOnly: boolean;
  readonly oneLake: boolean;
  readonly mode: "CSE" | "CPK" | "SSE";
  /** `https://ACCOUNT.blob.core.windows.net/` */
  readonly accountUrl: string;
  readonly container: string;
  readonly clientId: string;
  readonly tenantId: string;
  /** Where its keys are; absent where the store encrypts with keys of its own. */
  readonly keys?: VolumeKeys;
};

export type VolumeKeys = {
  readonly kek: string;
  readonly kekVaultUrl: string;
  readonly maaUrl: string;
  /** Name of the secret that is the wrapped data encryption key. */
  readonly wrappedDek: string;
  readonly dekVaultUrl: string;
};

/** Client ids of those that the clean room is towards its cloud. */
export type CloudIdentities = {
  readonly managed: readonly string[];
  /** Those that take tokens of governance. */
  readonly federated: readonly string[];
};

/** What passes the borders; what is absent is shut. */
export type PlannedNetwork = {
  readonly inbound?: HttpTraffic;
  readonly outbound?: HttpTraffic;
  /** Addresses that may be connected to. */
  readonly tcp?: readonly { readonly address: string; readonly port: number }[];
  readonly dnsPort?: number;
};

/** HTTP under the policy of a bundle, or under none. */
export type HttpTraffic = { readonly policyBundle?: string };
