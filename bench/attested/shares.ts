import { measured, type Measurement } from "../measurement.js";
import type { Operation } from "./operations.js";
import type { Place } from "./place.js";
import type { Stopwatch } from "./stopwatch.js";

const WARM_UP = 100;
const RUNS = 7;
const CALLS = 60;

const WHOLE = "";

/** The application as it is, and the same with a stopwatch around its parts. */
export type Places = { readonly real: Place; readonly timed: Place; readonly watch: Stopwatch };

/**
 * Microseconds of a call and of its parts: of each the least of the calls of a run, which what else runs on the machine disturbs least. The
 * stopwatch costs something itself, so the whole is taken without it; the rest is the whole without the parts.
 *
 * @param bodies sent in turn
 */
export async function measureShares(
  what: string,
  operation: Operation,
  bodies: readonly string[],
  places: Places,
): Promise<readonly Measurement[]> {
  const runs: ReadonlyMap<string, number>[] = [];
  let sent = 0;
  for (let run = -1; run < RUNS; run++) {
    const least = new Map<string, number>();
    for (let n = 0; n < (run < 0 ? WARM_UP : CALLS); n++) {
      const body = bodies[sent++ % bodies.length] ?? "";
      for (const [part, time] of [[WHOLE, timeOf(places.real, operation, body)] as const, ...partsOf(places, operation, body)]) {
        least.set(part, Math.min(time, least.get(part) ?? Infinity));
      }
      // Fresh interpreters are made, and used ones disposed of, between calls.
      await new Promise(setImmediate);
    }
    if (run >= 0) runs.push(least);
  }
  const times = (part: string) => runs.map((run) => run.get(part) ?? 0);
  const whole = measured(what, "µs", times(WHOLE));
  const parts = [...new Set(runs.flatMap((run) => [...run.keys()]))].filter((part) => part !== WHOLE);
  const rest = runs.map((run) => parts.reduce((left, part) => left - (run.get(part) ?? 0), run.get(WHOLE) ?? 0));
  const rows = [...parts.map((part) => measured(`  ${part}`, "µs", times(part))), measured("  the rest", "µs", rest)];
  return [whole, ...rows.map((row) => ({ ...row, share: row.value / whole.value }))];
}

function timeOf(place: Place, operation: Operation, body: string): number {
  const began = performance.now();
  place.call(operation, body);
  return (performance.now() - began) * 1000;
}

function partsOf({ timed, watch }: Places, operation: Operation, body: string): ReadonlyMap<string, number> {
  watch.take();
  timed.call(operation, body);
  return watch.take();
}
