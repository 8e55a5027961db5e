import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Bundle } from "./application.js";
import { measure } from "./budgets.js";
import type { Manifest } from "./manifest.js";

/* Prints the budgets of what is in `dist/`, or in the folder given with `--in`; exit code 1 when one is exceeded. */

const { values } = parseArgs({ options: { in: { type: "string", default: path.join(path.dirname(import.meta.dirname), "dist") } } });
const read = (name: string) => readFile(path.join(values.in, name), "utf8");
const bundle = JSON.parse(await read("bundle.json")) as Bundle;
const { packages } = JSON.parse(await read("manifest.json")) as Manifest;

for (const { what, value, limit, unit } of measure(bundle, packages, await read("constitution.js"))) {
  const over = value > limit;
  console.log(`${over ? "OVER" : "ok  "}  ${what.padEnd(46)} ${String(value).padStart(7)} of ${String(limit).padStart(6)} ${unit}`);
  if (over) process.exitCode = 1;
}
