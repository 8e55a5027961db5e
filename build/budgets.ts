import { type Endpoint, endpointsOf } from "./appMap.js";
import type { Bundle, Module, Packages } from "./application.js";
import { loadedBy } from "./moduleGraph.js";

/** One line of the table: what is counted, how much it is, how much it may be. */
export type Measure = { readonly what: string; readonly value: number; readonly limit: number; readonly unit: "bytes" | "endpoints" };

const KB = 1024;

const bytesIn = (modules: readonly Module[]) => modules.reduce((sum, { module }) => sum + Buffer.byteLength(module), 0);
const isCa = ({ js_module }: Endpoint) => js_module.startsWith("ca/");

/** A fresh interpreter compiles all that it loads, at some 40 microseconds a kilobyte; members read the constitution. */
export function measure({ metadata, modules }: Bundle, packages: Packages, constitution: string): Measure[] {
  const endpoints = endpointsOf(metadata.endpoints).map(({ endpoint }) => endpoint);
  const load = (chosen: readonly Endpoint[]) => loadedBy(modules, chosen.map(({ js_module }) => js_module)); // prettier-ignore
  const contractReads = endpoints.filter(({ js_function }) => js_function === "getContract");
  const outsideCa = endpoints.filter((endpoint) => !isCa(endpoint));
  const withJsrsasign = outsideCa.filter((endpoint) => load([endpoint]).some(({ name }) => packages[name]?.includes("jsrsasign")));
  return [
    { what: "modules that a contract read loads", value: bytesIn(load(contractReads)), limit: 30 * KB, unit: "bytes" },
    { what: "modules of all endpoints but those of the CA", value: bytesIn(load(outsideCa)), limit: 90 * KB, unit: "bytes" },
    { what: "constitution", value: Buffer.byteLength(constitution), limit: 60 * KB, unit: "bytes" },
    { what: "endpoints outside the CA that load jsrsasign", value: withJsrsasign.length, limit: 0, unit: "endpoints" },
  ];
}
