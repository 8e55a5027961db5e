import { measured, quantile, type Measurement } from "../measurement.js";
import type { Connection } from "./connection.js";
import { latencies, type Requests } from "./load.js";

const WARM_UP = 2000;
const RUNS = 7;
const REQUESTS = 1000;

/** Milliseconds of one request after another: the median and the slowest percent of each run. */
export async function measureLatency(what: string, connection: Connection, requests: Requests, atMost: number): Promise<Measurement[]> {
  await latencies(connection, requests, WARM_UP);
  const runs: number[][] = [];
  for (let run = 0; run < RUNS; run++) runs.push(await latencies(connection, requests, REQUESTS));
  const at = (share: number) => runs.map((times) => quantile(times, share));
  return [measured(what, "ms", at(0.5), { atMost }), measured(`${what}, 99th percentile`, "ms", at(0.99))];
}
