/** What CCF's virtual platform, which protects nothing, says of a node. */
export type VirtualQuote = {
  /** Hexadecimal SHA-256. */
  readonly host_data: string;
  /** Text. */
  readonly measurement: string;
  /** Base64. */
  readonly report_data: string;
};

/** @param quote base64 of JSON, as tables keep it */
export const virtualQuote = (quote: string): VirtualQuote => JSON.parse(Buffer.from(quote, "base64").toString()) as VirtualQuote;
