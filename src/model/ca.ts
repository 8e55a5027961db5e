import { DIGEST_ID } from "./ids.js";
import { schema, shape } from "./schema.js";

export const CaKey = shape({
  type: "object",
  properties: { requestId: { description: "Counts the keys that governance has asked for, from 1.", type: "string" } },
  required: ["requestId"],
  additionalProperties: false,
});

const CERTIFICATE = { description: "X.509, PEM.", type: "string" } as const;

export const CaInfo = shape({
  type: "object",
  properties: {
    enabled: { type: "boolean" },
    proposalIds: { description: "Open proposals to enable the CA or to rotate its key.", type: "array", items: DIGEST_ID },
    caCert: CERTIFICATE,
    publicKey: { description: "SubjectPublicKeyInfo, PEM.", type: "string" },
    previousCaCerts: { description: "Of the keys before this one, the oldest first.", type: "array", items: CERTIFICATE },
  },
  required: ["enabled", "proposalIds"],
  additionalProperties: false,
});

export const CaEnabled = shape({
  type: "object",
  properties: { enabled: { type: "boolean" } },
  required: ["enabled"],
  additionalProperties: false,
});

/** What the clean room signs. */
export const CertificateRequest = schema({
  type: "object",
  properties: {
    publicKey: {
      description: "SubjectPublicKeyInfo PEM: RSA of 2048 to 8192 bits, P-256, P-384 or P-521.",
      type: "string",
      maxLength: 4096,
    },
    subjectName: { description: "`CN=web,O=A\\, B and Co`, with the escapes of RFC 4514.", type: "string", maxLength: 2048 },
    subjectAlternateNames: {
      description: "`dNSName:host.example` or `iPAddress:192.0.2.1` each.",
      type: "array",
      items: { type: "string", maxLength: 300 },
      maxItems: 100,
      nullable: true,
    },
    validityPeriodDays: {
      description: "From now on. The certificate ends with that of the CA at the latest.",
      type: "integer",
      minimum: 1,
      maximum: 36500,
    },
  },
  required: ["publicKey", "subjectName", "validityPeriodDays"],
});

export const WrappedCertificate = shape({
  type: "object",
  properties: { value: { description: '`{"cert": PEM}`, wrapped for the key of the clean room, base64.', type: "string" } },
  required: ["value"],
  additionalProperties: false,
});
