import type { HttpResponse } from "./enclave/http/message.js";

/** An answer of the service. */
export class SandboxResponse implements HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: HttpResponse["body"];

  constructor({ status, headers, body }: HttpResponse) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** The body as UTF-8; empty if there is none. */
  text(): string {
    return typeof this.body === "string" ? this.body : Buffer.from(this.body ?? []).toString("utf8");
  }

  /** @throws SyntaxError for a body that is no JSON */
  json(): unknown {
    return JSON.parse(this.text());
  }

  /** `view.seqno` of what was read or written; undefined where the service names none. */
  get transactionId(): string | undefined {
    return this.headers["x-ms-ccf-transaction-id"];
  }
}
