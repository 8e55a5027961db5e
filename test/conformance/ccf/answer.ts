import type { IncomingHttpHeaders } from "node:http";

/** What came back: an HTTP response, or nothing (`status` 0, and why). */
export class Answer {
  readonly text: string;
  /** The body where it is JSON and not declared to be a text; undefined otherwise. */
  readonly json: unknown;

  constructor(
    readonly status: number,
    readonly headers: IncomingHttpHeaders,
    readonly body: Buffer,
    /** Code or message of what went wrong with the connection. */
    readonly failure?: string,
  ) {
    this.text = body.toString("utf8");
    this.json = body.length > 0 && !headers["content-type"]?.startsWith("text/") ? parse(this.text) : undefined;
  }

  /** The transaction id in the header; empty where there is none. */
  get tx(): string {
    return String(this.headers["x-ms-ccf-transaction-id"] ?? "");
  }

  /** A text of the JSON object; the empty text where there is none. */
  field(name: string): string {
    const value = (this.json as Record<string, unknown> | null | undefined)?.[name];
    return typeof value === "string" ? value : "";
  }

  get proposalId(): string {
    return this.field("proposalId");
  }

  /** Of an error that the service reported. */
  get error(): { readonly code?: string; readonly message?: string } {
    const { error } = (this.json ?? {}) as { error?: { code?: string; message?: string } };
    return error ?? {};
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON: compared as text
  }
}

export const seqnoOf = (tx: string): number => Number(tx.split(".")[1]);
