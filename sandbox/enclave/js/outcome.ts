import type { Call } from "./call.js";
import { Fault, GuestException, TimedOut, type Thrown } from "./failures.js";
import type { Outcome } from "./host.js";
import type { Interpreter } from "./interpreter.js";

export type Ended<T> = {
  readonly outcome: Outcome<T>;
  /** The interpreter may be in a state that no later call should see. */
  readonly spoiled: boolean;
  /** The WebAssembly instance has failed. */
  readonly broken: boolean;
};

/** Runs a call and says how it ended. */
export function outcomeOf<T>(interpreter: Interpreter, call: Call, run: () => T): Ended<T> {
  try {
    const outcome = attempt(interpreter, call, run);
    return {
      outcome,
      spoiled: outcome.kind === "fault" || (outcome.kind === "threw" && outcome.reason.startsWith("InternalError:")),
      broken: false,
    };
  } catch (error) {
    // Whatever comes out of QuickJS as an exception of the host has unwound its C frames without their consent.
    if (isAbort(error)) return { outcome: threw(call, { reason: "InternalError: out of memory" }, interpreter.timedOut), ...BROKEN };
    const what = error instanceof RangeError ? "stack overflow" : String(error);
    call.services.log("fail", `the JavaScript engine failed and starts afresh: ${String(error)}`);
    return { outcome: threw(call, { reason: `InternalError: ${what}` }, interpreter.timedOut), ...BROKEN };
  }
}

const BROKEN = { spoiled: true, broken: true } as const;

/** The arithmetic of this build of QuickJS aborts at products of more than some 2^27 bits; the guest cannot catch that. */
const isAbort = (error: unknown): boolean => error instanceof Error && error.message.startsWith("Aborted(");

function attempt<T>(interpreter: Interpreter, call: Call, run: () => T): Outcome<T> {
  try {
    const value = run();
    return { kind: "value", value };
  } catch (error) {
    if (error instanceof Fault) return fault(call, error);
    if (error instanceof TimedOut) return threw(call, { reason: "InternalError: interrupted" }, true);
    if (!(error instanceof GuestException)) throw error;
    const explained = interpreter.explain(error.thrown);
    // What QuickJS throws when there is no memory left even for an error.
    const thrown = explained.reason === "null" && interpreter.outOfMemory ? { reason: "InternalError: out of memory" } : explained;
    return call.fault === undefined ? threw(call, thrown, interpreter.timedOut) : { kind: "fault", message: call.fault };
  }
}

function fault(call: Call, { message, exception }: Fault): Outcome<never> {
  if (exception) note(call, exception);
  return { kind: "fault", message, ...(exception && { exception }) };
}

function threw(call: Call, thrown: Thrown, timedOut: boolean): Outcome<never> {
  note(call, thrown);
  return { kind: "threw", ...thrown, timedOut };
}

/** Logs an exception where governance wants it in the log. */
export function note(call: Call, { reason, trace }: Thrown): void {
  if (call.options.logExceptionDetails)
    call.services.log("fail", trace === undefined ? `${reason}: <no trace>` : `${reason}\n${trace.trimEnd()}`);
}
