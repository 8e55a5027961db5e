import { cryptoFunctions } from "../../../sandbox/enclave/js/globals/crypto/index.js";
import type { GuestArgument, GuestResult } from "../../../sandbox/enclave/js/values.js";

/** Calls `ccf.crypto[name]` as the engine does. */
export function call(name: keyof typeof cryptoFunctions, ...args: GuestArgument[]): GuestResult {
  return cryptoFunctions[name](args);
}

export function callForBytes(name: keyof typeof cryptoFunctions, ...args: GuestArgument[]): Uint8Array {
  const result = call(name, ...args);
  if (result instanceof Uint8Array) return result;
  throw new Error(`${name} returned no bytes`);
}

/** The name and the message of what a call throws. */
export function failure(name: keyof typeof cryptoFunctions, ...args: GuestArgument[]): string {
  try {
    call(name, ...args);
  } catch (error) {
    if (error instanceof Error) return `${error.name}: ${error.message}`;
  }
  throw new Error(`${name} did not throw`);
}

export const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
