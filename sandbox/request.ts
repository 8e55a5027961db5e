import { X509Certificate } from "node:crypto";
import type { HttpRequest } from "./enclave/http/message.js";
import type { Identity } from "./identity.js";

/** What a request without a connection says of itself. */
export type SandboxRequest = {
  readonly method?: string;
  /** Path and query. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** A body that is JSON, and said to be; instead of `body`. */
  readonly json?: unknown;
  /** Whose certificate a TLS client would have presented. */
  readonly by?: Pick<Identity, "certificate">;
  /** The same as DER; instead of `by`. */
  readonly certificate?: Uint8Array;
};

/** The request as the enclave takes it. */
export function messageOf({ method, url, headers, body, json, by, certificate }: SandboxRequest): HttpRequest {
  const mark = url.indexOf("?");
  const given = Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const content = json === undefined ? body : JSON.stringify(json);
  return {
    method: method ?? "GET",
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? "" : url.slice(mark + 1),
    headers: json === undefined ? given : { "content-type": "application/json", ...given },
    body: typeof content === "string" ? Buffer.from(content) : (content ?? new Uint8Array()),
    certificate: certificate ?? (by && new X509Certificate(by.certificate).raw),
  };
}
