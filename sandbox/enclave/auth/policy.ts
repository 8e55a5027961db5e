import type { HttpRequest } from "../http/message.js";
import type { Transaction } from "../kv/transaction.js";

/** What an authentication policy looks at. */
export type AuthenticationInput = {
  readonly request: HttpRequest;
  readonly tx: Transaction;
  /** Host time in milliseconds since the epoch; CCF checks validity periods against it too. */
  readonly now: () => number;
};

/** The caller as scripts see it, told apart by `policy`. */
export type Caller = { readonly policy: string | readonly string[] } & Readonly<Record<string, unknown>>;

export type Authentication =
  | { readonly caller: Caller }
  | { readonly refused: string; /** `www-authenticate`, for policies that have a scheme. */ readonly challenge?: string };

/** Tells who sent a request, or why it cannot. What is a C++ exception in CCF is thrown as CcfError. */
export type AuthenticationPolicy = (input: AuthenticationInput) => Authentication;
