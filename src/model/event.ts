import { SignedBody } from "./evidence.js";
import { ID, ID_OR_NONE } from "./ids.js";
import { NEXT_LINK } from "./page.js";
import { RANGE } from "./range.js";
import { extending, schema, shape } from "./schema.js";

const NAME = {
  id: { description: "Which event; the contract id when absent or empty.", ...ID_OR_NONE },
  scope: { description: "A name space for ids within the contract; absent or empty is one as well.", ...ID_OR_NONE },
} as const;

export const EventQuery = schema({ type: "object", properties: NAME });

/** `sign.publicKey` is the key that the evidence binds; `encrypt`, which stock clean rooms send as well, is not needed. */
export const PutEventBody = extending(SignedBody, {
  timestamp: {
    description: "Milliseconds since 1970, by the clock of the clean room: up to 13 decimal digits.",
    type: "string",
    nullable: true,
    maxLength: 64,
  },
});

export const ListEventsQuery = schema({ type: "object", properties: { ...NAME, ...RANGE } });

export const EventList = shape({
  type: "object",
  properties: {
    value: {
      type: "array",
      items: {
        type: "object",
        properties: {
          scope: ID_OR_NONE,
          id: ID,
          seqno: { description: "The transaction that wrote the event.", type: "integer" },
          timestamp: { description: "Milliseconds since 1970, by the clock of the clean room; 13 digits.", type: "string" },
          timestamp_iso: { description: "The same as ISO 8601.", type: "string" },
          data: {},
        },
        required: ["scope", "id", "seqno", "timestamp", "data"],
        additionalProperties: false,
      },
    },
    ...NEXT_LINK,
  },
  required: ["value"],
  additionalProperties: false,
});
