import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { HttpResponse } from "../enclave/http/message.js";
import type { Sessions } from "../enclave/sessions.js";
import { sectionTooLarge } from "./headers.js";

/** What Node's parser says of bytes that are no request. */
type ParseError = Error & {
  /** Of llhttp, such as HPE_INVALID_METHOD; or of the system. */
  readonly code?: string;
  readonly reason?: string;
  readonly bytesParsed?: number;
  /** The bytes that were being parsed. */
  readonly rawPacket?: Uint8Array;
};

/** Answers what is no request of HTTP, as CCF does, and ends the connection. */
export function answerUnparsable(error: ParseError, socket: Socket, sessions: Sessions): void {
  const { code = "", rawPacket } = error;
  // A client that is gone in the middle of a request, or takes too long over it, waits for nothing.
  if (!socket.writable || !code.startsWith("HPE_") || code === "HPE_INVALID_EOF_STATE") {
    socket.destroy();
    return;
  }
  const tooLarge = code === "HPE_HEADER_OVERFLOW";
  sessions.failed(tooLarge ? "request_header_too_large" : "parsing");
  if (tooLarge) end(socket, sectionTooLarge().toResponse());
  else end(socket, { status: 400, headers: { "content-type": "text/plain" }, body: explanation(error, rawPacket ?? new Uint8Array()) });
}

/** CCF's words, with the fragment as it came. */
function explanation({ code, reason, bytesParsed }: ParseError, fragment: Uint8Array): Uint8Array {
  const what = `HTTP parsing failed (${code}: ${reason}) around byte ${bytesParsed}`;
  const text = `Unable to parse data as a HTTP request. Error message is: ${what}\nError occurred while parsing fragment:\n`;
  return Buffer.concat([Buffer.from(text), fragment]);
}

function end(socket: Socket, { status, headers, body = "" }: HttpResponse): void {
  const bytes = Buffer.from(body);
  const fields = { ...headers, "content-length": bytes.length, connection: "close" };
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`)];
  socket.end(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), bytes]));
}
