import { InternalError } from "../../values.js";

/**
 * Runs `operation`; whatever it throws becomes the guest's InternalError, led by CCF's words for what failed.
 * CCF does the same with every C++ exception of its crypto library.
 */
export function orInternalError<T>(failure: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw new InternalError(`${failure}: ${reasonOf(error)}`, { cause: error });
  }
}

/** The text of an error; one of OpenSSL is marked as CCF marks it. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.startsWith("error:") ? `OpenSSL error: ${message}` : message;
}

/** An error of OpenSSL that Node's API does not report in OpenSSL's own words. */
export function openSslError(code: string, words: string): Error {
  return new Error(`error:${code}:${words}`);
}
