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
