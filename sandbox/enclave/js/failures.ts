import type { QuickJSHandle } from "quickjs-emscripten-core";

/** An exception of the guest on its way through host code, which takes over the handle. */
export class GuestException extends Error {
  override readonly name = "GuestException";
  constructor(readonly thrown: QuickJSHandle) {
    super("the guest threw");
  }
}

/** An exception as CCF prints it. */
export type Thrown = { readonly reason: string; readonly trace?: string | undefined };

/** Ends the whole request with this message; see `Outcome`. */
export class Fault extends Error {
  override readonly name = "Fault";
  constructor(
    message: string,
    readonly exception?: Thrown,
  ) {
    super(message);
  }
}

/**
 * Whether an error of the host has unwound frames of WebAssembly, where its own stack or the instance came to an end. Neither can be
 * relied on after that.
 */
export function isEngineFailure(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return error.name === "RuntimeError" || (error instanceof RangeError && error.message === "Maximum call stack size exceeded");
}

/** A limit on time ended what ran, without an exception of the guest to show for it. */
export class TimedOut extends Error {
  override readonly name = "TimedOut";
}
