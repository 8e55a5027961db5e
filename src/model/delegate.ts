import { ID } from "./ids.js";
import { NEXT_LINK } from "./page.js";
import { schema, shape } from "./schema.js";

/** The id of a secret has a ":" in it, which some clients encode. */
const DELEGATE_ID = { type: "string", pattern: "^[A-Za-z0-9](?:[A-Za-z0-9._~:-]|%3[Aa]){0,254}$" } as const;

export const DelegatePath = schema({
  type: "object",
  properties: { contractId: ID, delegateType: ID, delegateId: DELEGATE_ID },
  required: ["contractId", "delegateType", "delegateId"],
});

/** What the clean room signs. Which claims there are, and their values, the operation checks. */
export const DelegateChange = schema({
  type: "object",
  properties: {
    type: { enum: ["add", "remove"] },
    claims: { description: "Claim name to a value or a list of values.", type: "object", minProperties: 1 },
    policyType: { enum: ["snp-caci", null] },
  },
  required: ["type", "claims"],
});

export const DelegateList = shape({
  type: "object",
  properties: {
    value: {
      type: "array",
      items: {
        type: "object",
        properties: { delegateType: ID, delegateId: { type: "string" } },
        required: ["delegateType", "delegateId"],
        additionalProperties: false,
      },
    },
    ...NEXT_LINK,
  },
  required: ["value"],
  additionalProperties: false,
});

export const DelegateView = shape({
  type: "object",
  properties: {
    claims: {
      description: "Claim name to the accepted values; empty when there is no such delegate.",
      type: "object",
      additionalProperties: { type: "array", items: {} },
    },
  },
  required: ["claims"],
  additionalProperties: false,
});
