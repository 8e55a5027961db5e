/**
 * Every error that the application answers: status and what is said unless the place of the error knows better.
 * Codes and statuses are part of the wire interface.
 */
const ERRORS = {
  CallerNotAuthorized: [403, "The caller is not allowed to do this."],
  ContractAlreadyAccepted: [405, "The contract is accepted and can no longer change."],
  ContractAlreadyExists: [409, "A draft of this contract exists. To replace it send the version that was last read."],
  ContractNotFound: [404, "There is no contract with this id."],
  DataMissing: [400, "The data field is missing or empty."],
  InvalidInput: [400, "The request is not well formed."],
  InvalidParameter: [400, "A query parameter has a value that is not supported."],
  PreconditionFailed: [412, "The version sent is not the current one. Read again, merge, and send the version then read."],
  ViewNotKnown: [503, "The node does not yet know the view of the last write. Try again."],
} as const satisfies Readonly<Record<string, readonly [status: number, message: string]>>;

export type ErrorCode = keyof typeof ERRORS;

/** A refusal that the caller is told about; the wrapper of the endpoint turns it into the response. */
export class ApiError extends Error {
  readonly status: number;

  constructor(
    readonly code: ErrorCode,
    message: string = ERRORS[code][1],
  ) {
    super(message);
    this.status = ERRORS[code][0];
  }
}
