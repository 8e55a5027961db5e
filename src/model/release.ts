import { shape } from "./schema.js";

export const Released = shape({
  type: "object",
  properties: {
    value: {
      description:
        "Base64 of an AES-256 key under RSA-OAEP (SHA-256), as long as the modulus, and of what is released under that key with AES-KWP (RFC 5649).",
      type: "string",
    },
  },
  required: ["value"],
  additionalProperties: false,
});
