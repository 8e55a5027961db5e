import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Somebody wants an end: Ctrl-C, a signal, or the terminal is gone. A second time, the process ends where it stands. */
export class Interruption {
  readonly #controller = new AbortController();
  /** What shells say of a program that a signal has ended; undefined where none has. */
  status: number | undefined;

  constructor() {
    for (const name of SIGNALS) {
      process.once(name, () => {
        this.status = 128 + constants.signals[name];
        this.#controller.abort(new Error("Interrupted."));
      });
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }
}
