import type { Benchmark } from "./measurement.js";

/* Runs the benchmark whose name is given, in the process that was made for it, and sends the result to its parent. */

const [name = ""] = process.argv.slice(2);
const { default: benchmark } = (await import(`./benchmarks/${name}.js`)) as { default: Benchmark };
const result = await benchmark();
if (!process.send) throw new Error("a benchmark is run by bench/run.ts");
process.send(result, () => {
  process.disconnect();
});
