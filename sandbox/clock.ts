import { types } from "node:util";
import { SandboxError } from "./error.js";

/** Time that goes only when it is told to: `"virtual"` starts at the time of this machine. */
export type ClockOption = "virtual" | { readonly startsAt: Date };

/** The host's side of the time of a service. */
export class ServiceClock {
  /** Shared with the enclave; undefined where time is real. */
  readonly shared: Float64Array | undefined;

  /** @throws SandboxError for what is no such option, or an invalid date */
  constructor(option: ClockOption | undefined) {
    if (option === undefined) return;
    this.shared = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT)).fill(startOf(option));
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.shared?.[0] ?? Date.now();
  }

  /** @throws SandboxError where time is real, RangeError for what is no time forward */
  advance(milliseconds: number): void {
    if (!this.shared) throw new SandboxError('time goes by itself here: start the sandbox with clock: "virtual" to advance it');
    if (!(milliseconds >= 0 && milliseconds < Infinity)) throw new RangeError(`time cannot advance by ${milliseconds} milliseconds`);
    this.shared[0] = this.now() + milliseconds;
  }
}

/** Callers in JavaScript may give anything. In milliseconds since the epoch. */
function startOf(option: unknown): number {
  if (option === "virtual") return Date.now();
  const startsAt = typeof option === "object" && option !== null && "startsAt" in option ? option.startsAt : undefined;
  if (!types.isDate(startsAt)) {
    throw new SandboxError('the clock is none: give "virtual", { startsAt: Date }, or nothing for real time');
  }
  if (Number.isNaN(startsAt.getTime())) throw new SandboxError("the time at which the clock starts is an invalid date");
  return startsAt.getTime();
}
