import { listOf, name, object, port, ref, text, word, type Schema } from "./jsonSchema.js";

/**
 * JSON Schema of a configuration in the present form. A field that the schema does not know is an error, so that a slip of the pen cannot
 * silently take something out of an agreement.
 */

const texts: Schema = { type: "object", additionalProperties: text };

const mounts: Schema = {
  type: "object",
  additionalProperties: { type: "string", pattern: "^/", description: "an absolute path" },
};

const accessPoint = object({
  name,
  type: word("Volume_ReadOnly", "Volume_ReadWrite"),
  path: text,
  store: ref("resource"),
  identity: ref("identity"),
  protection: ref("protection"),
});

const definitions = {
  endpoint: object({
    protocol: word(
      ...["AzureAD_Federated", "AzureAD_ManagedIdentity", "AzureAD_Secret", "Attested_OIDC"],
      ...["AzureKeyVault_Secret", "AzureKeyVault_SecureKey", "AzureKeyVault_Key", "AzureKeyVault_Certificate"],
      ...["Azure_BlobStorage", "Azure_OneLake", "AzureContainerRegistry"],
    ),
    url: text,
    "configuration?": text,
  }),
  resource: object({
    name: text,
    type: word("Azure_BlobStorage", "Azure_OneLake", "AzureKeyVault", "AzureContainerRegistry"),
    id: text,
    provider: ref("endpoint"),
  }),
  secret: object({ secretType: word("Secret", "Certificate", "Key"), backingResource: ref("resource") }),
  identity: object({ name, clientId: text, tenantId: text, tokenIssuer: ref("tokenIssuer") }),
  tokenIssuer: {
    type: "object",
    properties: { issuerType: text },
    required: ["issuerType"],
    discriminator: { propertyName: "issuerType" },
    oneOf: [
      object({ issuerType: { const: "AttestationBasedTokenIssuer" }, issuer: ref("endpoint") }),
      object({
        issuerType: { const: "FederatedIdentityBasedTokenIssuer" },
        issuer: ref("endpoint"),
        federatedIdentity: ref("identity"),
      }),
      object({
        issuerType: { const: "SecretBasedTokenIssuer" },
        issuer: ref("endpoint"),
        secret: ref("secret"),
        secretAccessIdentity: ref("identity"),
      }),
    ],
  },
  document: object({ documentType: text, "authenticityReceipt?": text, "identity?": ref("identity"), backingResource: ref("resource") }),
  policy: object({
    "policy?": {
      type: "object",
      if: { properties: { documentType: {} }, required: ["documentType"] },
      then: ref("document"),
      else: object({ "policyDocument?": text }),
    },
  }),
  protection: object({
    proxyType: word(
      ...["SecureVolume__ReadOnly__Azure__OneLake", "SecureVolume__ReadOnly__Azure__BlobStorage"],
      ...["SecureVolume__ReadWrite__Azure__OneLake", "SecureVolume__ReadWrite__Azure__BlobStorage", "API", "SecureAPI"],
    ),
    proxyMode: word("Secure", "Open"),
    "privacyPolicy?": ref("policy"),
    "configuration?": text,
    "encryptionSecrets?": object({ dek: ref("namedSecret"), kek: ref("namedSecret") }),
    "encryptionSecretAccessIdentity?": ref("identity"),
  }),
  namedSecret: object({ name: text, secret: ref("secret") }),
  accessPoint,
  application: object({
    name,
    image: object({ executable: ref("document"), "protection?": ref("protection"), enforcementPolicy: ref("policy") }),
    startType: word("Auto", "Manual"),
    command: listOf(text),
    environmentVariables: texts,
    "datasources?": mounts,
    "datasinks?": mounts,
    runtimeSettings: object({
      ports: listOf(port),
      resource: object({
        requests: object({ cpu: { type: "number", exclusiveMinimum: 0 }, memoryInGB: { type: "number", exclusiveMinimum: 0 } }),
      }),
      "mounts?": mounts,
    }),
  }),
  traffic: object({ enabled: { type: "boolean" }, policy: ref("protection") }),
  network: object({
    "http?": object({ "inbound?": ref("traffic"), "outbound?": ref("traffic") }),
    "tcp?": object({ "outbound?": object({ enabled: { type: "boolean" }, allowedIPs: listOf(object({ address: text, port })) }) }),
    "dns?": object({ enabled: { type: "boolean" }, port }),
  }),
  call: object({
    url: text,
    method: text,
    validResponses: listOf({ type: "integer", minimum: 100, maximum: 599 }),
    "identity?": ref("identity"),
  }),
  governance: object({
    "consent?": listOf(ref("call")),
    "audit?": listOf(ref("call")),
    "telemetry?": object({
      "infrastructure?": object({
        "consent?": ref("call"),
        metrics: ref("accessPoint"),
        traces: ref("accessPoint"),
        logs: ref("accessPoint"),
      }),
      "application?": object({ "consent?": ref("call"), logs: ref("accessPoint") }),
    }),
  }),
};

export const configSchema: Schema = {
  ...object({
    "sandbox?": object({ sandboxType: word("Type_0", "None"), "privacyPolicy?": ref("policy"), "configuration?": text }),
    identities: listOf(ref("identity")),
    datasources: listOf(ref("accessPoint")),
    datasinks: listOf(ref("accessPoint")),
    applications: listOf(ref("application")),
    "network?": ref("network"),
    "governance?": ref("governance"),
    "kek?": object({ name: text, vaultUrl: text, maaUrl: text }),
  }),
  definitions,
};
