import { harmless } from "../harmless.js";

export type DataErrorCode =
  "Damaged" | "SealBroken" | "NameRefused" | "NotAFile" | "NotEncrypted" | "NotWritten" | "InUse" | "Missing" | "Several";

/** Data that cannot be had, or must not be used. The message names the file, which may have any name: it is made harmless for a terminal. */
export class DataError extends Error {
  override readonly name = "DataError";
  /** What the message has below its first line. */
  readonly lines: readonly string[];

  constructor(
    readonly code: DataErrorCode,
    readonly firstLine: string,
    { lines = [], ...options }: ErrorOptions & { readonly lines?: readonly string[] } = {},
  ) {
    super([firstLine, ...lines].map(harmless).join("\n  "), options);
    this.lines = lines;
  }
}
