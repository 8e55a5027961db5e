import { DIGEST_ID } from "./ids.js";
import { shape } from "./schema.js";

const PROPOSAL_IDS = { description: "Open proposals to change it.", type: "array", items: DIGEST_ID } as const;

/** A deployment template, or information on a deployment. */
export const DeploymentView = shape({
  type: "object",
  properties: { proposalIds: PROPOSAL_IDS, data: { description: "As proposed; an empty object while there is none." } },
  required: ["proposalIds", "data"],
  additionalProperties: false,
});

export const PolicyView = shape({
  type: "object",
  properties: {
    proposalIds: PROPOSAL_IDS,
    policy: {
      description: "Name of a claim to its accepted values; empty while no clean room is let in.",
      type: "object",
      additionalProperties: { type: "array", items: {} },
    },
  },
  required: ["proposalIds", "policy"],
  additionalProperties: false,
});
