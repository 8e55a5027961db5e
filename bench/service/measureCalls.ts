import { measured, quantile, type Measurement } from "../measurement.js";

const WARM_UP = 300;
const RUNS = 7;
const CALLS = 300;

/** Microseconds of calls of the engine, one after another: the median of each run. */
export async function measureCalls(what: string, run: () => void): Promise<Measurement> {
  const medians: number[] = [];
  for (let i = -1; i < RUNS; i++) {
    const times: number[] = [];
    for (let n = 0; n < (i < 0 ? WARM_UP : CALLS); n++) {
      const began = performance.now();
      run();
      times.push((performance.now() - began) * 1000);
      // Fresh interpreters are made, and used ones disposed of, between calls.
      await new Promise(setImmediate);
    }
    if (i >= 0) medians.push(quantile(times.sort((a, b) => a - b), 0.5)); // prettier-ignore
  }
  return measured(what, "µs", medians);
}
