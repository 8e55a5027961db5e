/** One entry of the `details` that a CCF error may carry, for example the reason of each authentication policy. */
export type ErrorDetail = { readonly code?: string; readonly message?: string; readonly [field: string]: unknown };

/** The service answered, and the answer was an error. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";

  constructor(
    /** HTTP status, 300 or above. */
    readonly status: number,
    /** The code of the error envelope; the HTTP status as text where the answer has no envelope. */
    readonly code: string,
    message: string,
    /** `view.seqno`, where the answer names one. */
    readonly transactionId?: string,
    readonly details: readonly ErrorDetail[] = [],
  ) {
    super(message);
  }
}

export type ConnectionErrorCode =
  | "NotRunning"
  | "UnknownHost"
  | "NotTrusted"
  | "Expired"
  | "WrongName"
  | "TimedOut"
  /** No TLS connection came about, so nothing was sent. */
  | "HandshakeFailed"
  | "Interrupted";

/** No answer came: nothing listens, the certificate is not good, or the line broke. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";

  constructor(
    readonly code: ConnectionErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The service accepted a write that afterwards did not become durable. */
export class CommitError extends Error {
  override readonly name = "CommitError";

  constructor(
    /** `TransactionInvalid`: the write is lost. `CommitTimedOut`: it may still become durable. */
    readonly code: "TransactionInvalid" | "CommitTimedOut",
    message: string,
    readonly transactionId: string,
  ) {
    super(message);
  }
}

export type RefusalCode =
  | `${"Contract" | "Document"}${"Modified" | "AlreadyAccepted" | "AlreadyProposed" | "NotProposed"}`
  | "ProposalIdMismatch"
  | "ReceiptInvalid"
  | "SignatureInvalid"
  | "InvalidCertificate"
  | "InvalidKey"
  | "InvalidPath"
  | "InvalidUrl"
  | "KeyMismatch"
  | "MemberCertificateMissing"
  | "MemberNotFound"
  | "MemberNotUnique"
  | "ServiceCertificateMismatch";

/** The client refused before it sent anything that could have an effect. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly code: RefusalCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
