import { DIGEST_ID, ID } from "./ids.js";
import { NEXT_LINK } from "./page.js";

/* What contracts and documents have in common: properties of bodies and answers. */

/** Where something is on its way: drafted by a member, named in an open proposal, agreed for good. */
export const STATES = ["Draft", "Proposed", "Accepted"] as const;

export const DRAFT = {
  data: { description: "What is to be agreed on: any JSON but null, false, 0 and the empty string." },
  version: {
    description: "The version last read; needed to replace a draft.",
    type: "string",
    nullable: true,
  },
} as const;

export const VIEW = {
  id: ID,
  state: { enum: STATES },
  version: { description: "view.seqno of the last write; what the proposer wrote while Proposed.", type: "string" },
  data: {},
  proposalId: { description: "Empty for a draft.", anyOf: [DIGEST_ID, { enum: [""] }] },
  finalVotes: {
    description: "Only of what is accepted.",
    type: "array",
    items: {
      type: "object",
      properties: { memberId: DIGEST_ID, vote: { type: "boolean" } },
      required: ["memberId", "vote"],
      additionalProperties: false,
    },
  },
} as const;

/** A list of ids. */
export const ID_LIST = {
  type: "object",
  properties: {
    value: { type: "array", items: { type: "object", properties: { id: ID }, required: ["id"], additionalProperties: false } },
    ...NEXT_LINK,
  },
  required: ["value"],
  additionalProperties: false,
} as const;
