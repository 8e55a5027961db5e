import { buildConnector, Pool } from "undici";
import { connectionError } from "./connectionError.js";
import { Refusal } from "./errors.js";
import type { Identity } from "./identity.js";

export type Endpoint = {
  /** `https://host:port`, without a path. */
  readonly url: string;
  /** PEM; the only certificate that is trusted. The system's roots are not. */
  readonly serviceCertificate: string;
  /** Offered to the server as the TLS client certificate. */
  readonly identity?: Identity;
  /** Milliseconds for the connection, and again for each of headers and body. */
  readonly timeout?: number;
  /** How many requests may be under way at the same time, each on a connection of its own; 1 where it is not said. */
  readonly connections?: number;
  /**
   * Trust `serviceCertificate` although it is not self-signed: for the one connection that learns the service certificate from a
   * node whose own certificate is all that is known (see firstUse.ts).
   */
  readonly trustIsLeaf?: boolean;
};

export type Request = {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** With the query, percent-encoded. */
  readonly path: string;
  readonly contentType?: string;
  readonly body?: Uint8Array;
};

export type Response = {
  readonly status: number;
  /** Names in lower case; repeated headers joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** `view.seqno` of what was read or written, from `x-ms-ccf-transaction-id`. */
  readonly transactionId?: string;
};

export type Transport = {
  readonly url: string;
  /** @throws Refusal InvalidPath; ConnectionError when no answer came; an answer with an error status is returned like any other. */
  request(request: Request): Promise<Response>;
  /** Ends the connections once the requests under way have been answered. */
  close(): Promise<void>;
  /** Ends the connections at once: requests under way fail as interrupted. */
  abandon(): Promise<void>;
};

/**
 * Connections to one node, kept alive between requests (HTTP/1.1).
 *
 * @throws Refusal InvalidUrl
 */
export function connect(endpoint: Endpoint): Transport {
  const url = originOf(endpoint.url);
  const timeout = endpoint.timeout ?? 30_000;
  const { serviceCertificate } = endpoint;
  const open = buildConnector({
    allowH2: false,
    ca: [serviceCertificate],
    rejectUnauthorized: true,
    timeout,
    ...(endpoint.identity && { cert: endpoint.identity.certificate, key: endpoint.identity.keyPem }),
    ...(endpoint.trustIsLeaf && { allowPartialTrustChain: true }),
  });
  // The same failure of a socket means another thing once a request may be on its way.
  const connecting = new WeakSet<Error>();
  const pool = new Pool(url, {
    allowH2: false,
    connections: endpoint.connections ?? 1,
    headersTimeout: timeout,
    bodyTimeout: timeout,
    connect: (options, callback) => {
      open(options, (...result) => {
        if (result[0]) connecting.add(result[0]);
        callback(...result);
      });
    },
  });

  return {
    url,
    async request({ method, path, contentType, body }) {
      // Undici would throw, and keep the connection waiting for a request that it never sends.
      if (!/^\/[\x21-\x7e]*$/.test(path)) throw new Refusal("InvalidPath", `the path ${JSON.stringify(path)} is not percent-encoded`);
      try {
        const answer = await pool.request({
          method,
          path,
          headers: contentType === undefined ? {} : { "content-type": contentType },
          body: body ?? null,
        });
        const headers = flatten(answer.headers);
        const transactionId = headers["x-ms-ccf-transaction-id"];
        return {
          status: answer.statusCode,
          headers,
          body: Buffer.from(await answer.body.arrayBuffer()),
          ...(transactionId !== undefined && { transactionId }),
        };
      } catch (cause) {
        throw connectionError(url, cause, { connecting: cause instanceof Error && connecting.has(cause), serviceCertificate });
      }
    },
    close: () => pool.close(),
    abandon: () => pool.destroy(),
  };
}

/** The origin of a service's URL. @throws Refusal InvalidUrl */
export function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "https:" || url.pathname !== "/" || url.search !== "" || url.username !== "") {
    throw new Refusal("InvalidUrl", `"${text}" is not the address of a service: https://HOST[:PORT] is expected`);
  }
  return url.origin;
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );
}
