import { createServer, type Server } from "node:https";
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from "node:http";
import { constants } from "node:crypto";
import type { Socket } from "node:net";
import { TLSSocket, type SecureContextOptions } from "node:tls";
import { CcfError } from "../enclave/http/errors.js";
import type { HttpRequest, HttpResponse } from "../enclave/http/message.js";
import type { Sessions } from "../enclave/sessions.js";
import type { TlsIdentity } from "../messages.js";
import { headersOf, MAX_SECTION_BYTES } from "./headers.js";
import { answerUnparsable } from "./unparsable.js";

/** CCF's default (`include/ccf/http_configuration.h`), in bytes. */
const MAX_BODY = 1024 * 1024;

/**
 * CCF's default for `idle_connection_timeout`, in milliseconds. Node's own is so short that clients, which may keep connections for four
 * seconds of five, send over one that is just being closed when the machine is busy.
 */
const IDLE = 60_000;

/** Undefined where nobody answers any more. */
export type Handler = (request: HttpRequest) => Promise<HttpResponse> | undefined;

/** HTTPS for the enclave: TLS with optional client certificates, request bodies and their limits; no decisions. */
export function httpsServer(handle: Handler, sessions: Sessions): Server {
  const server = createServer(
    {
      // A client certificate is a claim of identity, which the enclave compares with its tables: any certificate may be
      // offered (also self-signed ones, as members' are), and none is trusted for being offered.
      requestCert: true,
      rejectUnauthorized: false,
      maxHeaderSize: MAX_SECTION_BYTES,
      requireHostHeader: false,
      noDelay: true,
    },
    (request, response) => void serve(request, response, handle, sessions),
  );
  server.keepAliveTimeout = IDLE;
  server.maxHeadersCount = 0; // Node would leave out the others; how many there may be is looked at below
  server.on("clientError", (error, socket: Socket) => {
    if (!refused.has(socket)) answerUnparsable(error, socket, sessions);
  });
  return server;
}

/** Connections that end with the answer that is on its way: what else comes over them is not looked at. */
const refused = new WeakSet<Socket>();

/** For `setSecureContext`. */
export const tlsOptions = ({ key, chain }: TlsIdentity): SecureContextOptions => ({
  key,
  cert: chain,
  minVersion: "TLSv1.2",
  // A resumed session would not show the certificate again.
  secureOptions: constants.SSL_OP_NO_TICKET,
});

async function serve(request: IncomingMessage, response: ServerResponse, handle: Handler, sessions: Sessions): Promise<void> {
  const read = await readRequest(request);
  if (read === "aborted") return;
  if (read instanceof CcfError) {
    sessions.failed(read.code === "RequestBodyTooLarge" ? "request_payload_too_large" : "request_header_too_large");
    response.shouldKeepAlive = false;
    refused.add(request.socket);
    send(response, read.toResponse());
    request.resume();
    return;
  }
  const url = request.url ?? "/";
  const mark = url.indexOf("?");
  const answering = handle({
    method: request.method ?? "GET",
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? "" : url.slice(mark + 1),
    ...read,
    certificate: certificateOf(request.socket),
  });
  if (answering) send(response, await answering);
  else response.destroy();
}

/** What there is of the request beside its first line, or what is wrong with it. */
async function readRequest(request: IncomingMessage): Promise<Pick<HttpRequest, "headers" | "body"> | CcfError | "aborted"> {
  try {
    const headers = headersOf(request.rawHeaders);
    const body = await readBody(request);
    return body === "aborted" ? body : { headers, body };
  } catch (error) {
    if (error instanceof CcfError) return error;
    throw error;
  }
}

/** @throws CcfError for one that is too large */
function readBody(request: IncomingMessage): Promise<Uint8Array | "aborted"> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY) reject(new CcfError("RequestBodyTooLarge", "HTTP request body is too large (max size allowed: 1MB)"));
      else chunks.push(chunk);
    });
    request.once("end", () => {
      resolve(Buffer.concat(chunks));
    });
    request.once("error", () => {
      resolve("aborted");
    });
    request.once("close", () => {
      resolve("aborted");
    });
  });
}

const certificates = new WeakMap<TLSSocket, Uint8Array | null>();

/** The certificate is fixed for the life of a connection. */
function certificateOf(socket: Socket): Uint8Array | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  let der = certificates.get(socket);
  if (der === undefined) {
    der = socket.getPeerX509Certificate()?.raw ?? null;
    certificates.set(socket, der);
  }
  return der ?? undefined;
}

/** What says where an answer ends, and what becomes of the connection: the server's own business. */
const FRAMING: ReadonlySet<string> = new Set(["connection", "content-length", "keep-alive", "trailer", "transfer-encoding", "upgrade"]);

/** The answer is one that can be sent: the enclave sees to that while nothing is recorded yet. */
function send(response: ServerResponse, { status, headers, body }: HttpResponse): void {
  const bytes = typeof body === "string" ? Buffer.from(body) : (body ?? Buffer.alloc(0));
  // Values go out as UTF-8, as they come in.
  const fields: (readonly [string, string])[] = Object.entries(headers)
    .filter(([name]) => !FRAMING.has(name.toLowerCase()))
    .map(([name, value]) => [name, Buffer.from(value, "utf8").toString("latin1")] as const);
  response.sendDate = false;
  // 204 and 304 carry no length; everything else does, also an empty body.
  if (status !== 204 && status !== 304) fields.push(["content-length", String(bytes.length)]);
  response.writeHead(status, STATUS_CODES[status] ?? "", Object.fromEntries(fields));
  response.end(bytes);
}
