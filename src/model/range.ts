const seqno = (description: string) => ({ description, type: "string", maxLength: 32 }) as const;

/** Query parameters of an answer that is read from the ledger: spread them into the `properties` of the query. */
export const RANGE = {
  from_seqno: seqno("The first transaction of the range, a whole number; 1 when absent or empty."),
  to_seqno: seqno(
    "The last transaction of the range, a whole number that is not less than from_seqno; the last write when absent or empty.",
  ),
  max_seqno_per_page: seqno("The most transactions that one answer covers; 1000, which is also the limit, when absent or empty."),
} as const;
