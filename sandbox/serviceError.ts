/** The service refused a request. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";

  constructor(
    /** HTTP status. */
    readonly status: number,
    /** CCF's code, for example `ProposalFailedToValidate`; the status as text where the answer has none. */
    readonly code: string,
    /** CCF's words. */
    message: string,
    readonly details: readonly Readonly<Record<string, unknown>>[] = [],
  ) {
    super(message);
  }
}
