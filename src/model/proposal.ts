import { DIGEST_ID } from "./ids.js";
import { NEXT_LINK } from "./page.js";
import { RANGE } from "./range.js";
import { schema, shape } from "./schema.js";

export const ProposalPath = schema({ type: "object", properties: { proposalId: DIGEST_ID }, required: ["proposalId"] });

export const HistoricalQuery = schema({ type: "object", properties: RANGE });

export const ProposalHistory = shape({
  type: "object",
  properties: {
    value: {
      type: "array",
      items: {
        type: "object",
        properties: {
          seqno: { description: "The transaction that wrote the state, or a vote.", type: "integer" },
          proposalId: DIGEST_ID,
          proposalState: { enum: ["Open", "Accepted", "Withdrawn", "Rejected", "Failed", "Dropped"] },
        },
        required: ["seqno", "proposalId", "proposalState"],
        additionalProperties: false,
      },
    },
    ...NEXT_LINK,
  },
  required: ["value"],
  additionalProperties: false,
});
