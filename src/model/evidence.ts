import { extending, schema, type TypeOf } from "./schema.js";

/** Of texts in base64, in characters. What is genuine has about 1600, 8700 and 14500 of them; a key of RSA-4096 has 1100. */
const EVIDENCE = 4096;
const ENDORSEMENTS = 32_768;
const UVM_ENDORSEMENTS = 65_536;
const KEY = 8192;
const DATA = 524_288;

/** A text in place of an object is refused later than other wrong types: with the code that says what is wrong with the evidence. */
const NO_OBJECT = { type: "string", maxLength: KEY } as const;

/**
 * How a clean room proves itself in the body of a request.
 *
 * All fields are optional, because the absence of each has an error code of its own. `encrypt.publicKey` is the base64 of a public key PEM.
 */
export const AttestedBody = schema({
  type: "object",
  properties: {
    attestation: {
      description: "The evidence of an SEV-SNP clean room. Evidence of another platform is an object; it is refused by its platform.",
      anyOf: [
        {
          type: "object",
          nullable: true,
          properties: {
            evidence: {
              description: "Base64 of the attestation report.",
              anyOf: [{ type: "string", maxLength: EVIDENCE }, { type: "object" }],
            },
            endorsements: { description: "Base64 of the PEM chain VCEK, ASK, ARK.", type: "string", maxLength: ENDORSEMENTS },
            uvm_endorsements: {
              description: "Base64 of the COSE_Sign1 that endorses the launch measurement; needed unless the policy names the measurement.",
              type: "string",
              nullable: true,
              maxLength: UVM_ENDORSEMENTS,
            },
            endorsed_tcb: {
              description: "Hexadecimal of the reported TCB, in the byte order of the report.",
              type: "string",
              nullable: true,
              maxLength: 64,
            },
          },
        },
        NO_OBJECT,
      ],
    },
    platform: { description: "snp-caci, which is also meant when absent or empty.", type: "string", nullable: true, maxLength: 64 },
    encrypt: {
      anyOf: [
        {
          type: "object",
          nullable: true,
          properties: { publicKey: { description: "Base64 of a PEM.", type: "string", nullable: true, maxLength: KEY } },
        },
        NO_OBJECT,
      ],
    },
  },
});

/**
 * A request whose `data` the clean room has signed. The signature is RSASSA-PSS (SHA-256, salt of 32 bytes) of the bytes that `data`
 * stands for; `sign.publicKey` is that of `encrypt`, written in the same way.
 */
export const SignedBody = extending(AttestedBody, {
  sign: {
    type: "object",
    nullable: true,
    properties: {
      signature: { description: "Base64.", type: "string", nullable: true, maxLength: KEY },
      publicKey: { description: "Base64 of a PEM.", type: "string", nullable: true, maxLength: KEY },
    },
  },
  data: { description: "Base64 of a JSON document.", type: "string", nullable: true, maxLength: DATA },
});

export type AttestedBody = TypeOf<typeof AttestedBody>;
export type SignedBody = TypeOf<typeof SignedBody>;
