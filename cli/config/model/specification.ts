/** The description of a clean room, as the parties write it and agree on it: docs/configuration.md. What is absent may also be null in a file. */
export type Specification = {
  readonly sandbox?: Sandbox;
  readonly identities: readonly Identity[];
  readonly datasources: readonly Datasource[];
  readonly datasinks: readonly Datasink[];
  readonly applications: readonly Application[];
  readonly network?: Network;
  readonly governance?: Governance;
};

/** What one party keeps: its share of the specification, and beside it what nobody else needs. */
export type Config = Specification & { readonly kek?: Kek };

/** The key encryption key of a party: the default of what it adds, and no part of what it shows to others. */
export type Kek = {
  /** Of the key in the vault. `{contractId}` stands for the id of the contract that the key is made for. */
  readonly name: string;
  readonly vaultUrl: string;
  /** The attestation service whose word lets the vault release the key. */
  readonly maaUrl: string;
};

export type Endpoint = {
  readonly protocol: string;
  readonly url: string;
  readonly configuration?: string;
};

export type Resource = {
  readonly name: string;
  readonly type: string;
  readonly id: string;
  readonly provider: Endpoint;
};

/** Who the clean room is towards a cloud service. */
export type Identity = {
  readonly name: string;
  readonly clientId: string;
  readonly tenantId: string;
  readonly tokenIssuer: TokenIssuer;
};

export type TokenIssuer =
  | { readonly issuerType: "AttestationBasedTokenIssuer"; readonly issuer: Endpoint }
  | { readonly issuerType: "FederatedIdentityBasedTokenIssuer"; readonly issuer: Endpoint; readonly federatedIdentity: Identity }
  | {
      readonly issuerType: "SecretBasedTokenIssuer";
      readonly issuer: Endpoint;
      readonly secret: Secret;
      readonly secretAccessIdentity: Identity;
    };

export type Secret = {
  readonly secretType: "Secret" | "Certificate" | "Key";
  readonly backingResource: Resource;
};

type NamedSecret = { readonly name: string; readonly secret: Secret };

export type EncryptionSecrets = {
  /** The wrapped data encryption key, a secret in a vault. */
  readonly dek: NamedSecret;
  /** The key that unwraps it; the vault releases it to the clean room alone. */
  readonly kek: NamedSecret;
};

export type Protection = {
  readonly proxyType: string;
  readonly proxyMode: "Secure" | "Open";
  readonly privacyPolicy?: Policy;
  /** A JSON object as text; of a datasource or datasink `{"KeyType": "KEK", "EncryptionMode": "CSE" | "CPK" | "SSE"}`. */
  readonly configuration?: string;
  readonly encryptionSecrets?: EncryptionSecrets;
  readonly encryptionSecretAccessIdentity?: Identity;
};

/** Data that an application reads or writes. */
export type AccessPoint = {
  readonly name: string;
  readonly type: "Volume_ReadOnly" | "Volume_ReadWrite";
  readonly path: string;
  /** `name` is the container, `provider.url` the account. */
  readonly store: Resource;
  readonly identity: Identity;
  readonly protection: Protection;
};
export type Datasource = AccessPoint;
export type Datasink = AccessPoint;

export type Document = {
  readonly documentType: string;
  readonly authenticityReceipt?: string;
  readonly identity?: Identity;
  readonly backingResource: Resource;
};

export type Policy = { readonly policy?: { readonly policyDocument?: string } | Document };

export type Application = {
  readonly name: string;
  readonly image: { readonly executable: Document; readonly protection?: Protection; readonly enforcementPolicy: Policy };
  readonly startType: "Auto" | "Manual";
  readonly command: readonly string[];
  readonly environmentVariables: Readonly<Record<string, string>>;
  /** Name of a datasource to the path at which the application sees it. */
  readonly datasources?: Readonly<Record<string, string>>;
  readonly datasinks?: Readonly<Record<string, string>>;
  readonly runtimeSettings: {
    readonly ports: readonly number[];
    readonly resource: { readonly requests: { readonly cpu: number; readonly memoryInGB: number } };
    /** Mounts of names that this configuration does not have: the one that it is merged with says whether they are sources or sinks. */
    readonly mounts?: Readonly<Record<string, string>>;
  };
};

type Traffic = { readonly enabled: boolean; readonly policy: Protection };

export type Network = {
  readonly http?: { readonly inbound?: Traffic; readonly outbound?: Traffic };
  readonly tcp?: {
    readonly outbound?: { readonly enabled: boolean; readonly allowedIPs: readonly { readonly address: string; readonly port: number }[] };
  };
  readonly dns?: { readonly enabled: boolean; readonly port: number };
};

type GovernanceCall = {
  readonly url: string;
  readonly method: string;
  readonly validResponses: readonly number[];
  readonly identity?: Identity;
};

export type Governance = {
  readonly consent?: readonly GovernanceCall[];
  readonly audit?: readonly GovernanceCall[];
  readonly telemetry?: {
    readonly infrastructure?: {
      readonly consent?: GovernanceCall;
      readonly metrics: AccessPoint;
      readonly traces: AccessPoint;
      readonly logs: AccessPoint;
    };
    readonly application?: { readonly consent?: GovernanceCall; readonly logs: AccessPoint };
  };
};

export type Sandbox = {
  readonly sandboxType: "Type_0" | "None";
  readonly privacyPolicy?: Policy;
  readonly configuration?: string;
};
