import { createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { constants } from "node:crypto";
import type { Socket } from "node:net";
import { TLSSocket, type SecureContextOptions } from "node:tls";
import { CcfError } from "../enclave/http/errors.js";
import type { HttpRequest, HttpResponse } from "../enclave/http/message.js";
import type { TlsIdentity } from "../messages.js";

/** CCF's defaults (`include/ccf/http_configuration.h`), in bytes. */
const MAX_BODY = 1024 * 1024;
const MAX_HEADERS = 16 * 1024;

/** Undefined where nobody answers any more. */
export type Handler = (request: HttpRequest) => Promise<HttpResponse> | undefined;

/** HTTPS for the enclave: TLS with optional client certificates, request bodies and their limits; no decisions. */
export function httpsServer(handle: Handler): Server {
  const server = createServer(
    {
      // A client certificate is a claim of identity, which the enclave compares with its tables: any certificate may be
      // offered (also self-signed ones, as members' are), and none is trusted for being offered.
      requestCert: true,
      rejectUnauthorized: false,
      maxHeaderSize: MAX_HEADERS,
      noDelay: true,
    },
    (request, response) => void serve(request, response, handle),
  );
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === "HPE_HEADER_OVERFLOW" && socket.writable) socket.end(headersTooLarge());
    else socket.destroy();
  });
  return server;
}

/** For `setSecureContext`. */
export const tlsOptions = ({ key, chain }: TlsIdentity): SecureContextOptions => ({
  key,
  cert: chain,
  minVersion: "TLSv1.2",
  // A resumed session would not show the certificate again.
  secureOptions: constants.SSL_OP_NO_TICKET,
});

function headersTooLarge(): string {
  const message = `HTTP request headers are too large (max size allowed: ${MAX_HEADERS / 1024}KB)`;
  const body = String(new CcfError("RequestHeaderTooLarge", message).toResponse().body);
  const fields = `content-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close`;
  return `HTTP/1.1 431 Request Header Fields Too Large\r\n${fields}\r\n\r\n${body}`;
}

async function serve(request: IncomingMessage, response: ServerResponse, handle: Handler): Promise<void> {
  const body = await readBody(request);
  if (body === "aborted") return;
  if (body === "too large") {
    response.shouldKeepAlive = false;
    send(response, new CcfError("RequestBodyTooLarge", "HTTP request body is too large (max size allowed: 1MB)").toResponse());
    request.resume();
    return;
  }
  const url = request.url ?? "/";
  const mark = url.indexOf("?");
  const answering = handle({
    method: request.method ?? "GET",
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? "" : url.slice(mark + 1),
    headers: headersOf(request.rawHeaders),
    body,
    certificate: certificateOf(request.socket),
  });
  if (answering) send(response, await answering);
  else response.destroy();
}

function readBody(request: IncomingMessage): Promise<Uint8Array | "too large" | "aborted"> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY) resolve("too large");
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

/** Lower-case names, UTF-8 values; the first of several, as CCF keeps it. */
function headersOf(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] ?? "").toLowerCase();
    if (!Object.hasOwn(headers, name)) headers[name] = Buffer.from(raw[i + 1] ?? "", "latin1").toString("utf8");
  }
  return headers;
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

function send(response: ServerResponse, answer: HttpResponse): void {
  try {
    write(response, answer);
  } catch (error) {
    // An application may answer with a status or a header that HTTP has no form for; nothing has been sent then.
    const reason = error instanceof Error ? error.message : String(error);
    write(response, new CcfError("InternalError", `The answer of the application cannot be sent: ${reason}`).toResponse());
  }
}

/** @throws TypeError, RangeError for what HTTP has no form for */
function write(response: ServerResponse, { status, headers, body }: HttpResponse): void {
  const bytes = typeof body === "string" ? Buffer.from(body) : (body ?? Buffer.alloc(0));
  // Values go out as UTF-8, as they come in.
  const fields: (readonly [string, string])[] = Object.entries(headers)
    .filter(([name]) => !FRAMING.has(name.toLowerCase()))
    .map(([name, value]) => [name, Buffer.from(value, "utf8").toString("latin1")] as const);
  if (status < 200) throw new RangeError(`status ${status} is no final one`); // a client would go on waiting
  response.sendDate = false;
  // 204 and 304 carry no length; everything else does, also an empty body.
  if (status !== 204 && status !== 304) fields.push(["content-length", String(bytes.length)]);
  response.writeHead(status, Object.fromEntries(fields));
  response.end(bytes);
}
