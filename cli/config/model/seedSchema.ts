import { listOf, name, object, port, ref, text, word, type Schema } from "./jsonSchema.js";

/** A configuration in the older form, whose mark is the field `specification`: docs/configuration.md. */
export type SeedConfig = {
  readonly identities: readonly SeedIdentity[];
  readonly kek?: { readonly generateName: string; readonly __HSM_URL__: string; readonly __MAA_URL__: string };
  readonly specification: {
    readonly applications: readonly { readonly name: string; readonly application: SeedApplication }[];
    readonly datasinks: readonly { readonly name: string; readonly datasink: SeedAccessPoint }[];
    readonly datasources: readonly { readonly name: string; readonly datasource: SeedAccessPoint }[];
    readonly telemetry?: {
      readonly application?: SeedTelemetry;
      readonly infrastructure?: SeedTelemetry;
    };
  };
  readonly sandbox?: "enabled" | "disabled";
  readonly networkPolicy?: { readonly policyBundleUrl?: string; readonly allowAll?: string | boolean };
};

/** What Azure says of a managed identity. */
export type SeedIdentity = { readonly clientId: string; readonly principalId?: string; readonly tenantId: string };

/** Names of datasinks. */
type SeedTelemetry = { readonly logs?: string; readonly metrics?: string; readonly traces?: string };

export type SeedProvider = { readonly Protocol: string; readonly URL: string; readonly Configuration?: string };

export type SeedAccessPoint = {
  readonly Name: string;
  readonly Type: "Volume__ReadOnly" | "Volume__ReadWrite";
  readonly Path?: string;
  readonly Store: { readonly Name: string; readonly Type: string; readonly Id: string; readonly Provider: SeedProvider };
  readonly Identity: SeedIdentity;
  readonly Protection: {
    readonly ProxyType: string;
    readonly ProxyMode: "Secure" | "Open";
    readonly Configuration?: string;
    readonly EncryptionSecret: {
      readonly DEK: { readonly BackingResource: { readonly Name: string; readonly Provider: SeedProvider } };
      /** The name of the key is this prefix and the id of the contract. */
      readonly KEK: { readonly BackingResource: { readonly NamePrefix: string; readonly Provider: SeedProvider } };
    };
    readonly EncryptionSecretAccessIdentity: SeedIdentity;
  };
};

export type SeedApplication = {
  readonly image: string;
  readonly cpu: number;
  readonly memory: number;
  readonly command?: readonly string[];
  /** `src=NAME:dst=/PATH` */
  readonly mount?: readonly string[];
  /** `NAME=VALUE` */
  readonly env_var?: readonly string[];
  readonly ports?: readonly number[];
};

const provider = ref("provider");
const identity = ref("identity");
const sinks = object({ "logs?": text, "metrics?": text, "traces?": text });
const amount: Schema = { type: "number", exclusiveMinimum: 0 };

const accessPoint = (access: "ReadOnly" | "ReadWrite"): Schema =>
  object({
    Name: name,
    Type: word(`Volume__${access}`),
    "Path?": text,
    Store: object({ Name: text, Type: word("AzureStorage__BlobContainer"), Id: text, Provider: provider }),
    Identity: identity,
    Protection: object({
      ProxyType: word(`SecureVolume__${access}__AzureStorage__BlobContainer`),
      ProxyMode: word("Secure", "Open"),
      "Configuration?": text,
      EncryptionSecret: object({
        DEK: object({ SecretType: word("Key"), BackingResource: object({ Name: text, Type: text, "Id?": text, Provider: provider }) }),
        KEK: object({
          SecretType: word("Key"),
          BackingResource: object({ NamePrefix: text, Type: text, "Id?": text, Provider: provider }),
        }),
      }),
      EncryptionSecretAccessIdentity: identity,
    }),
  });

export const seedSchema: Schema = {
  ...object({
    identities: listOf(identity),
    "kek?": object({ generateName: text, __HSM_URL__: text, __MAA_URL__: text }),
    specification: object({
      applications: listOf(object({ name, application: ref("application") })),
      datasinks: listOf(object({ name, datasink: accessPoint("ReadWrite") })),
      datasources: listOf(object({ name, datasource: accessPoint("ReadOnly") })),
      "telemetry?": object({ "application?": sinks, "infrastructure?": sinks }),
    }),
    "sandbox?": word("enabled", "disabled"),
    "networkPolicy?": object({ "policyBundleUrl?": text, "allowAll?": { enum: ["true", "false", true, false] } }),
  }),
  definitions: {
    provider: object({ Protocol: text, URL: text, "Configuration?": text }),
    identity: object({ clientId: text, "principalId?": text, tenantId: text, "isolationScope?": text }),
    application: object({
      image: text,
      cpu: amount,
      memory: amount,
      "command?": listOf(text),
      "mount?": listOf({ type: "string", pattern: "^src=[^:,]+[:,]dst=/.*$", description: "src=NAME:dst=/PATH" }),
      "env_var?": listOf({ type: "string", pattern: "^[^=]+=", description: "NAME=VALUE" }),
      "ports?": listOf(port),
    }),
  },
};
