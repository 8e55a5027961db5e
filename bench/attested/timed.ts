import { ccf } from "@microsoft/ccf-app/global.js";

/* Runs inside the interpreter. Its engine has two more functions than CCF: they start and stop the stopwatch of the host. */

type Watch = { start(): void; stop(part: string): void };

/** The function, with its time counted to a part. */
export const timed =
  <Args extends readonly unknown[], Result>(part: string, work: (...args: Args) => Result) =>
  (...args: Args): Result => {
    const watch = ccf.crypto as unknown as Watch;
    watch.start();
    try {
      return work(...args);
    } finally {
      watch.stop(part);
    }
  };
