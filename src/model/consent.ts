import { DIGEST_ID, ID } from "./ids.js";
import { schema, shape } from "./schema.js";

/** What can be switched on and off for an accepted contract: execution by each member alone, the others by agreement. */
export const CONTRACT_OPTIONS = ["execution", "logging", "telemetry"] as const;

/** Checked by the operation, which answers with a code of its own, and only to callers it knows. */
const OPTION = { type: "string", maxLength: 128 } as const;

export const ContractOptionPath = schema({
  type: "object",
  properties: { contractId: ID, option: OPTION },
  required: ["contractId", "option"],
});

export const ServiceOptionPath = schema({
  type: "object",
  properties: { option: OPTION },
  required: ["option"],
});

const STATUS = { enum: ["enabled", "disabled"] } as const;

export const ContractOptionStatus = shape({
  type: "object",
  properties: {
    status: STATUS,
    reason: {
      description: "Why the contract must not run: it is not accepted, or members have disabled it.",
      type: "object",
      properties: { code: { enum: ["ContractNotAccepted", "ContractDisabled"] }, message: { type: "string" } },
      required: ["code", "message"],
      additionalProperties: false,
    },
    proposalIds: {
      description: "Open proposals to enable or disable the option; logging and telemetry of accepted contracts only.",
      type: "array",
      items: DIGEST_ID,
    },
  },
  required: ["status"],
  additionalProperties: false,
});

export const ServiceOptionStatus = shape({
  type: "object",
  properties: { status: STATUS },
  required: ["status"],
  additionalProperties: false,
});
