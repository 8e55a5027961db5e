import { shape } from "./schema.js";

export const GeneratedKey = shape({
  type: "object",
  properties: {
    reqId: { description: "The request of governance that the key was made for: 1, 2, and so on.", type: "string" },
    kid: { description: "The key id that governance chose, a hyphen, and reqId.", type: "string" },
  },
  required: ["reqId", "kid"],
  additionalProperties: false,
});

export const SigningInfo = shape({
  type: "object",
  properties: {
    enabled: { type: "boolean" },
    publicKeyPem: { description: "SubjectPublicKeyInfo of the key that signs; empty when there is none.", type: "string" },
    previousPublicKeyPem: { description: "The key before the last rotation.", type: "string" },
  },
  required: ["enabled", "publicKeyPem"],
  additionalProperties: false,
});
