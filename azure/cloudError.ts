/** What a cloud service refused, or that it could not be reached. */
export class CloudError extends Error {
  override readonly name = "CloudError";

  constructor(
    /** The code of the service, such as `Forbidden` or `invalid_client`, or of the network. */
    readonly code: string,
    /** Of HTTP; undefined where no answer came. */
    readonly status: number | undefined,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
