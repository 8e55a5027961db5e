/** A request that a service of the local cloud does not fulfil. */
export class Refused extends Error {
  override readonly name = "Refused";

  constructor(
    /** Of HTTP. */
    readonly status: number,
    /** In the words of the service that is stood in for. */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
