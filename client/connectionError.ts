import { ConnectionError, type ConnectionErrorCode } from "./errors.js";

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
  Interrupted: "the connection broke before the answer was complete; a write may or may not have been carried out",
};

/** Turns what a socket, the TLS layer or undici threw into one line about `url`. */
export function connectionError(url: string, cause: unknown): ConnectionError {
  const code = meanings[codeOf(cause)] ?? "Interrupted";
  const detail = code === "Interrupted" && cause instanceof Error ? ` (${cause.message})` : "";
  return new ConnectionError(code, `cannot talk to ${url}: ${sentences[code]}${detail}`, { cause });
}

/** The code of an error; where several addresses were tried, the code of the first attempt. */
function codeOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return codeOf(cause.errors[0]);
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
}
