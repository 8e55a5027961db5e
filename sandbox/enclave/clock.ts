import { systemTimers, type Timers } from "./ledger/policy.js";

/** The time of the service, and what it has planned by that time. Limits on guests are always counted in real time. */
export interface Clock extends Timers {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { ...systemTimers, now: () => Date.now() };

type Timer = { readonly due: number; readonly action: () => void };

/** A clock that only goes when it is told to: the host writes the time, and says so by `tick`. */
export class VirtualClock implements Clock {
  readonly #time: Float64Array;
  readonly #timers = new Set<Timer>();

  /** @param time shared with the host; milliseconds since the epoch */
  constructor(time: Float64Array) {
    this.#time = time;
  }

  now(): number {
    return this.#time[0] ?? 0;
  }

  after(milliseconds: number, action: () => void): () => void {
    const timer = { due: this.now() + milliseconds, action };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Does what has come due, earliest first. */
  tick(): void {
    const due = [...this.#timers].filter((timer) => timer.due <= this.now()).sort((a, b) => a.due - b.due);
    for (const timer of due) if (this.#timers.delete(timer)) timer.action();
  }
}
