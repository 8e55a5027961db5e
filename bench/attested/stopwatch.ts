/** Adds up what a call spends in its parts. Parts must not lie within one another. */
export class Stopwatch {
  #spent = new Map<string, number>();
  #began = 0;

  start(): void {
    this.#began = performance.now();
  }

  stop(part: string): void {
    this.#spent.set(part, (this.#spent.get(part) ?? 0) + (performance.now() - this.#began) * 1000);
  }

  /** The function, with its time counted to a part. */
  around<Args extends readonly unknown[], Result>(part: string, work: (...args: Args) => Result): (...args: Args) => Result {
    return (...args) => {
      this.start();
      try {
        return work(...args);
      } finally {
        this.stop(part);
      }
    };
  }

  /** Microseconds by part since this was asked last. */
  take(): ReadonlyMap<string, number> {
    const spent = this.#spent;
    this.#spent = new Map();
    return spent;
  }
}
