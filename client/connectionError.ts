import { ConnectionError, type ConnectionErrorCode } from "./errors.js";
import { outsideValidity, readCertificate } from "./identity.js";

/** Codes of Node's sockets, of OpenSSL's verification and of undici, and what each means to a person. */
const meanings: Readonly<Record<string, ConnectionErrorCode>> = {
  ECONNREFUSED: "NotRunning",
  ENOTFOUND: "UnknownHost",
  EAI_AGAIN: "UnknownHost",
  ETIMEDOUT: "TimedOut",
  UND_ERR_CONNECT_TIMEOUT: "TimedOut",
  UND_ERR_HEADERS_TIMEOUT: "TimedOut",
  UND_ERR_BODY_TIMEOUT: "TimedOut",
  CERT_HAS_EXPIRED: "Expired",
  CERT_NOT_YET_VALID: "Expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "WrongName",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "NotTrusted",
  UNABLE_TO_GET_ISSUER_CERT: "NotTrusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "NotTrusted",
  SELF_SIGNED_CERT_IN_CHAIN: "NotTrusted",
  DEPTH_ZERO_SELF_SIGNED_CERT: "NotTrusted",
  CERT_SIGNATURE_FAILURE: "NotTrusted",
  CERT_UNTRUSTED: "NotTrusted",
  INVALID_CA: "NotTrusted",
};

const sentences: Readonly<Record<ConnectionErrorCode, string>> = {
  NotRunning: "nothing listens there; is the service running?",
  UnknownHost: "the host name does not resolve",
  NotTrusted: "its certificate is not endorsed by the trusted service certificate",
  Expired: "its certificate, or the service certificate, is outside its period of validity",
  WrongName: "its certificate was issued for another host",
  TimedOut: "no answer in time",
  HandshakeFailed: "no TLS connection came about, and nothing was sent",
  Interrupted: "the connection broke before the answer was complete; a write may or may not have been carried out",
};

/** What is known of the attempt besides its failure. */
export type Attempt = {
  /** No connection had come about yet, so no request was sent. */
  readonly connecting?: boolean;
  /** PEM; what is trusted. */
  readonly serviceCertificate?: string;
};

/** Turns what a socket, the TLS layer or undici threw into one line about `url`. */
export function connectionError(url: string, cause: unknown, { connecting = false, serviceCertificate }: Attempt = {}): ConnectionError {
  const code = meanings[codeOf(cause)] ?? (connecting ? "HandshakeFailed" : "Interrupted");
  return new ConnectionError(code, `cannot talk to ${url}: ${sentences[code]}${detailOf(code, cause, serviceCertificate)}`, { cause });
}

function detailOf(code: ConnectionErrorCode, cause: unknown, serviceCertificate: string | undefined): string {
  if (code === "Interrupted") return cause instanceof Error ? ` (${cause.message})` : "";
  if (code === "HandshakeFailed") return `: ${handshakeFailures[codeOf(cause)] ?? (cause instanceof Error ? lastOf(cause.message) : "")}`;
  const outside = code === "Expired" && serviceCertificate !== undefined && outsideValidity(readCertificate(serviceCertificate));
  return outside ? `: the service certificate ${outside}; the operator of the service has the present one` : "";
}

const handshakeFailures: Readonly<Record<string, string>> = {
  ERR_SSL_WRONG_VERSION_NUMBER: "what answers there does not speak TLS; plain HTTP perhaps?",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "what answers there does not speak TLS; plain HTTP perhaps?",
  ECONNRESET: "the other side closed the connection during the handshake",
};

/** OpenSSL's lines are `thread:error:number:library:function:reason:file:line:...`: the reason alone. */
function lastOf(message: string): string {
  return /^[0-9A-F]+:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(message)?.[1] ?? message;
}

/** The code of an error; where several addresses were tried, the code of the first attempt. */
function codeOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return codeOf(cause.errors[0]);
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
}
