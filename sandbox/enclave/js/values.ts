/*
 * Values on their way between a guest and host functions.
 * Host functions get copies, never handles, so that nothing of the interpreter leaks out of its folder.
 */

/** Something that host functions never accept: a typed array, a function, a symbol, a promise... `type` is for messages. */
export class OpaqueValue {
  constructor(readonly type: string) {}
}

/** An argument of a host function. An ArrayBuffer arrives as Uint8Array (typed arrays and DataViews are `OpaqueValue`s). */
export type GuestArgument =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | OpaqueValue
  | readonly GuestArgument[]
  | { readonly [name: string]: GuestArgument };

/** A result of a host function. A Uint8Array becomes an ArrayBuffer, also inside objects. */
export type GuestResult =
  undefined | null | boolean | number | string | Uint8Array | readonly GuestResult[] | { readonly [name: string]: GuestResult };

/**
 * A function installed in a guest. `args` holds exactly the arguments passed.
 *
 * A thrown Error becomes a guest exception with the same name (TypeError, RangeError, SyntaxError, InternalError, ...) and message.
 */
export type HostFunction = (args: readonly GuestArgument[]) => GuestResult;

/** QuickJS's `InternalError`, which JavaScript itself does not have. */
export class InternalError extends Error {
  override readonly name = "InternalError";
}
