import { fork } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Measurement } from "./measurement.js";
import { heading, machine, reportOf, rows } from "./report.js";

/*
 * Runs the benchmarks, one after the other, each in a process of its own, and prints a table.
 *
 *   --only NAME   this one only; may be given several times
 *   --json FILE   write the numbers there too; without FILE, print them in the place of the table
 *
 * Exit code 1 when something is over its budget.
 */

const here = import.meta.dirname;
const names = (await readdir(join(here, "benchmarks"))).filter((file) => file.endsWith(".ts")).map((file) => file.slice(0, -".ts".length));

const STDOUT = "-";
const words = process.argv.slice(2);
const args = words.map((word, i) => (word === "--json" && (words[i + 1] ?? "--").startsWith("--") ? `--json=${STDOUT}` : word));
const { values } = parseArgs({ args, options: { only: { type: "string", multiple: true }, json: { type: "string" } } });
const unknown = values.only?.find((name) => !names.includes(name));
if (unknown !== undefined) {
  console.error(`there is no benchmark "${unknown}": ${names.sort().join(", ")}`);
  process.exit(2);
}

function measure(name: string): Promise<readonly Measurement[]> {
  return new Promise((resolve, reject) => {
    const child = fork(join(here, "child.ts"), [name]); // inherits how this process loads TypeScript
    child.once("message", (result) => {
      resolve(result as readonly Measurement[]);
    });
    child.once("error", reject);
    child.once("exit", (status, signal) => {
      reject(new Error(`the benchmark ${name} ended without a result (${signal ?? `status ${status ?? "unknown"}`})`));
    });
  });
}

const silent = values.json === STDOUT;
const of = machine();
const results = new Map<string, readonly Measurement[]>();
if (!silent) console.log(heading(of));
for (const name of names.sort().filter((one) => values.only?.includes(one) ?? true)) {
  const result = await measure(name);
  results.set(name, result);
  if (!silent) console.log(rows(name, result));
}
const report = reportOf(of, results);
const text = `${JSON.stringify(report, null, 2)}\n`;
if (silent) process.stdout.write(text);
else if (values.json !== undefined) await writeFile(values.json, text);
if (Object.values(report.benchmarks).some((list) => list.some(({ ok }) => !ok))) process.exitCode = 1;
