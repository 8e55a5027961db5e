import { readFile } from "node:fs/promises";
import type { Bundle } from "../../build/application.js";
import { builtFile } from "../../cli/installation.js";
import { VirtualTee } from "../../sandbox/enclave/snp/virtual.js";
import { CONSENT, DELEGATE, TOKEN } from "../attested/operations.js";
import { startPlace } from "../attested/place.js";
import { requestsOf } from "../attested/rooms.js";
import { measureShares } from "../attested/shares.js";
import { Stopwatch } from "../attested/stopwatch.js";
import { timedModules } from "../attested/timedModules.js";
import type { Benchmark, Measurement } from "../measurement.js";

const OPERATIONS = [CONSENT, TOKEN, DELEGATE];

/** Requests of clean rooms in the engine alone, without HTTP and ledger, and what becomes of their time. */
const benchmark: Benchmark = async () => {
  const tee = VirtualTee.create();
  const watch = new Stopwatch();
  const bundle = JSON.parse(await readFile(builtFile("bundle.json"), "utf8")) as Bundle;
  const modules = OPERATIONS.map(({ route, verb }) => bundle.metadata.endpoints[route]?.[verb]?.js_module ?? route);
  const places = {
    real: await startPlace(tee, bundle, new Stopwatch()),
    timed: await startPlace(tee, { ...bundle, modules: await timedModules(modules) }, watch),
    watch,
  };
  const requests = requestsOf(tee);
  const results: Measurement[] = [];
  for (const operation of OPERATIONS) {
    const size = `${Math.round((requests[0]?.length ?? 0) / 1024)} KB`;
    results.push(
      ...(await measureShares(`${operation.name} (${size}), the same again`, operation, requests.slice(0, 1), places)),
      ...(await measureShares(`${operation.name}, of a clean room not seen before`, operation, requests, places)),
    );
  }
  places.real.dispose();
  places.timed.dispose();
  return results;
};

export default benchmark;
