import { SignedBody } from "./evidence.js";
import { ID } from "./ids.js";
import { NEXT_LINK } from "./page.js";
import { extending, schema, shape } from "./schema.js";

/** In UTF-16 units. */
export const MAX_SECRET = 25_600;

/** Not what could not be released: lone surrogates have no UTF-8, and CCF cuts texts off at NUL. The length has an error code of its own. */
const VALUE = {
  value: {
    description: `1 to ${MAX_SECRET} UTF-16 units, well-formed, without NUL.`,
    type: "string",
    pattern: "^[^\\u0000\\ud800-\\udfff]*$",
    nullable: true,
  },
} as const;

export const SecretNamePath = schema({
  type: "object",
  properties: { contractId: ID, secretName: ID },
  required: ["contractId", "secretName"],
});

/** Here the name is the id that writing a secret, or the list, has answered. A colon may be percent-encoded. */
export const SecretIdPath = schema({
  type: "object",
  properties: {
    contractId: ID,
    secretName: { type: "string", pattern: "^[A-Za-z0-9](?:[A-Za-z0-9._~:-]|%3[Aa]){0,255}$" },
  },
  required: ["contractId", "secretName"],
});

/** Members send the value; clean rooms sign it, in `data`: a JSON object with the value in the same field. */
export const PutSecretBody = extending(SignedBody, VALUE);

export const SignedSecret = schema({ type: "object", properties: VALUE });

const SECRET_ID = { description: "<member id>:<name>, or cleanroom_<name>", type: "string" } as const;

export const SecretWritten = shape({
  type: "object",
  properties: { secretId: SECRET_ID },
  required: ["secretId"],
  additionalProperties: false,
});

export const SecretList = shape({
  type: "object",
  properties: {
    value: {
      type: "array",
      items: { type: "object", properties: { secretId: SECRET_ID }, required: ["secretId"], additionalProperties: false },
    },
    ...NEXT_LINK,
  },
  required: ["value"],
  additionalProperties: false,
});
