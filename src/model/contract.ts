import { DIGEST_ID, ID } from "./ids.js";
import { NEXT_LINK, PAGE } from "./page.js";
import { schema, shape } from "./schema.js";

/** Where a contract is on its way: drafted by a member, named in an open proposal, agreed for good. */
export const CONTRACT_STATES = ["Draft", "Proposed", "Accepted"] as const;

export const ContractPath = schema({
  type: "object",
  properties: { contractId: ID },
  required: ["contractId"],
});

export const PutContractBody = schema({
  type: "object",
  properties: {
    data: { description: "The contract: any JSON but null, false, 0 and the empty string." },
    version: {
      description: "The version last read; needed to replace a draft.",
      type: "string",
      nullable: true,
    },
  },
});

/** `state` is checked by the operation, which answers with a code of its own. */
export const ListContractsQuery = schema({
  type: "object",
  properties: { state: { description: `One of ${CONTRACT_STATES.join(", ")}; all when absent or empty.`, type: "string" }, ...PAGE },
});

export const ContractView = shape({
  type: "object",
  properties: {
    id: ID,
    state: { enum: CONTRACT_STATES },
    version: { description: "view.seqno of the last write; what the proposer wrote while Proposed.", type: "string" },
    data: {},
    proposalId: { description: "Empty for a draft.", anyOf: [DIGEST_ID, { enum: [""] }] },
    finalVotes: {
      description: "Accepted contracts only.",
      type: "array",
      items: {
        type: "object",
        properties: { memberId: DIGEST_ID, vote: { type: "boolean" } },
        required: ["memberId", "vote"],
        additionalProperties: false,
      },
    },
  },
  required: ["id", "state", "proposalId"],
  additionalProperties: false,
});

export const ContractList = shape({
  type: "object",
  properties: {
    value: { type: "array", items: { type: "object", properties: { id: ID }, required: ["id"], additionalProperties: false } },
    ...NEXT_LINK,
  },
  required: ["value"],
  additionalProperties: false,
});
