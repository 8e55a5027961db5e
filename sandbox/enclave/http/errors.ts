import { json, type HttpResponse } from "./message.js";

/** Status of each error code that CCF itself answers with (CCF `odata_error.h`; statuses as measured on 6.0.7). */
const STATUS = {
  AuthorizationFailed: 403,
  FrontendNotOpen: 404,
  InternalError: 500,
  InvalidAuthenticationInfo: 401,
  InvalidCreatedAt: 400,
  InvalidHeaderValue: 400,
  InvalidInput: 400,
  InvalidQueryParameterValue: 400,
  InvalidResourceName: 400,
  MissingApiVersionParameter: 400,
  MissingRequiredHeader: 400,
  NodeAlreadyRecovering: 403,
  ProposalCreatedTooLongAgo: 400,
  ProposalFailedToValidate: 400,
  ProposalNotFound: 404,
  ProposalNotOpen: 400,
  ProposalReplay: 400,
  RequestBodyTooLarge: 413,
  RequestHeaderTooLarge: 431,
  ResourceNotFound: 404,
  ServiceNotWaitingForRecoveryShares: 403,
  StateDigestMismatch: 400,
  TransactionInvalid: 404,
  TransactionNotFound: 404,
  TransactionPendingOrUnknown: 404,
  UnsupportedApiVersionValue: 400,
  UnsupportedContentType: 406,
  UnsupportedHttpVerb: 405,
  VoteAlreadyExists: 400,
  VoteNotFound: 404,
} as const;

export type ErrorCode = keyof typeof STATUS;

export type ErrorDetail = Readonly<Record<string, unknown>>;

/** An answer in CCF's error envelope. Thrown by an endpoint, it discards the transaction. */
export class CcfError extends Error {
  override readonly name = "CcfError";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly details: readonly ErrorDetail[] | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    more: { status?: number; headers?: Readonly<Record<string, string>>; details?: readonly ErrorDetail[] | undefined } = {},
  ) {
    super(message);
    this.status = more.status ?? STATUS[code];
    this.headers = more.headers ?? {};
    this.details = more.details;
  }

  toResponse(): HttpResponse {
    const { code, message, details } = this;
    const response = json(this.status, { error: { code, message, ...(details && { details }) } });
    return { ...response, headers: { ...response.headers, ...this.headers } };
  }
}
