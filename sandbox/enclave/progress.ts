/** Milliseconds of a clock that all threads share and that only goes forward. */
export const now = (): number => Number(process.hrtime.bigint() / 1_000_000n);

const DEADLINE = 0;
const REQUEST = 1;

/**
 * What the enclave is at, in memory that the host can read while the enclave cannot speak: a guest runs on the same thread as everything
 * else in there.
 */
export class Progress {
  readonly shared: Float64Array;

  /** @param shared of the other thread */
  constructor(shared: Float64Array = new Float64Array(new SharedArrayBuffer(16))) {
    this.shared = shared;
  }

  /** When the guest call that runs now must have ended, by `now`; 0 while none runs. */
  get deadline(): number {
    return this.shared[DEADLINE] ?? 0;
  }

  /** The request that is handled now, by its number; 0 while none is. */
  get request(): number {
    return this.shared[REQUEST] ?? 0;
  }

  /** Runs a guest that may take so many milliseconds. */
  within<T>(milliseconds: number, run: () => T): T {
    this.shared[DEADLINE] = now() + milliseconds;
    try {
      return run();
    } finally {
      this.shared[DEADLINE] = 0;
    }
  }

  /** Handles a request and hands its answer over. One whose handling throws stays the one that ran: the enclave ends by that. */
  during(request: number, run: () => void): void {
    this.shared[REQUEST] = request;
    run();
    this.shared[REQUEST] = 0;
  }
}
