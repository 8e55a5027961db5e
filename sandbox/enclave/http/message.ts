/** A request as it crosses from the host into the enclave. */
export type HttpRequest = {
  /** Upper case. */
  readonly method: string;
  /** As sent: starts with `/`, not percent-decoded, without the query. */
  readonly path: string;
  /** What follows `?`, as sent; empty if there is none. */
  readonly query: string;
  /** Names in lower case; of a repeated header CCF keeps the first value. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** DER of the certificate that the TLS client presented. */
  readonly certificate?: Uint8Array | undefined;
};

export type HttpResponse = {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string | undefined;
};

export const json = (status: number, value: unknown): HttpResponse => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});

/** What of an answer HTTP has no form for; undefined if it can be sent. An application may answer with any status and any headers. */
export function unsendable({ status, headers }: HttpResponse): string | undefined {
  if (status < 200) return `status ${status} is no final one`; // a client would go on waiting
  if (status > 999) return `status ${status} has more than three digits`;
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return `${JSON.stringify(name)} is no name of a header`;
    if (/[\0-\x08\x0a-\x1f\x7f]/.test(value)) return `the value of the header ${name} has control characters`;
  }
  return undefined;
}
