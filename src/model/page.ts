import { schema } from "./schema.js";

/** Query parameters of a list that is read in pages: spread them into the `properties` of the query. */
export const PAGE = {
  limit: {
    description: "The most entries that are returned, 1 to 9999; all when absent or empty.",
    type: "string",
    pattern: "^([1-9][0-9]{0,3})?$",
  },
  after: {
    description: "The page begins with the first id after this one, which need not exist.",
    type: "string",
    maxLength: 400,
  },
} as const;

/** The query of a list that takes nothing else. */
export const PageQuery = schema({ type: "object", properties: PAGE });

/** For the `properties` of a list's answer. */
export const NEXT_LINK = {
  nextLink: { description: "Path and query of the next page; absent from the last one.", type: "string" },
} as const;
