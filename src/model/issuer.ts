import { schema, shape } from "./schema.js";

/** One line of at most 256 characters; control characters are left out because CCF ends a text at NUL. */
export const LINE = { type: "string", pattern: "^[^\\u0000-\\u001f\\u007f]{0,256}$" } as const;

export const DiscoveryQuery = schema({
  type: "object",
  properties: { tid: { ...LINE, description: "A tenant: its issuer instead of that of the service." } },
});

/** OpenID Connect Discovery 1.0, section 3. */
export const Discovery = shape({
  type: "object",
  properties: {
    issuer: { type: "string" },
    authorization_endpoint: { description: "Required by the standard. Nothing answers there.", type: "string" },
    jwks_uri: { type: "string" },
    response_types_supported: { type: "array", items: { type: "string" } },
    grant_types_supported: { type: "array", items: { type: "string" } },
    subject_types_supported: { type: "array", items: { type: "string" } },
    id_token_signing_alg_values_supported: { type: "array", items: { type: "string" } },
  },
  required: [
    "issuer",
    "authorization_endpoint",
    "jwks_uri",
    "response_types_supported",
    "grant_types_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
  ],
  additionalProperties: false,
});

/** RFC 7517, section 5. */
export const Jwks = shape({
  type: "object",
  properties: {
    keys: {
      description: "The key that signs, then the one before it.",
      type: "array",
      items: {
        type: "object",
        properties: {
          alg: { enum: ["PS256"] },
          use: { enum: ["sig"] },
          kty: { type: "string" },
          kid: { type: "string" },
          e: { type: "string" },
          n: { type: "string" },
        },
        required: ["alg", "use", "kty", "kid", "e", "n"],
        additionalProperties: false,
      },
    },
  },
  required: ["keys"],
  additionalProperties: false,
});

export const SetIssuerUrlBody = schema({
  type: "object",
  properties: { url: { description: "https, or http on a loopback address.", type: "string", nullable: true, maxLength: 2048 } },
});

export const IssuerInfo = shape({
  type: "object",
  properties: {
    enabled: { type: "boolean" },
    issuerUrl: { description: "The issuer of the service.", type: "string" },
    tenantData: {
      description: "The issuer of the caller's tenant.",
      type: "object",
      properties: { tenantId: { type: "string" }, issuerUrl: { type: "string" } },
      required: ["tenantId", "issuerUrl"],
      additionalProperties: false,
    },
  },
  required: ["enabled"],
  additionalProperties: false,
});
