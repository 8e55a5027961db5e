export type DataErrorCode = "Damaged" | "SealBroken" | "NameRefused" | "NotAFile" | "NotEncrypted" | "Missing" | "Several";

/** Data that cannot be had, or must not be used; the message names the file. */
export class DataError extends Error {
  override readonly name = "DataError";

  constructor(
    readonly code: DataErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
