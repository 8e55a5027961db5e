import { setTimeout as sleep } from "node:timers/promises";
import { ServiceError } from "./errors.js";

const attempts = 8;
/** Milliseconds. */
const pause = 200;

/**
 * Asks, and asks again where CCF has ended the request because it took too long. Nothing was written then; a machine that was busy, or
 * unlucky with the primes of a key, may be quicker the next time.
 *
 * @param ask is called up to eight times
 */
export async function whileTooLong<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (!tookTooLong(error) || attempt === attempts) throw error;
      await sleep(pause);
    }
  }
}

/** The end of JavaScript at `max_execution_time_ms` of the service's JavaScript runtime options. */
const tookTooLong = (error: unknown): boolean =>
  error instanceof ServiceError && error.status === 500 && error.message.includes("Operation took too long to complete");
