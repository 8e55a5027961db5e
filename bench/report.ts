import { availableParallelism, cpus, loadavg } from "node:os";
import { isOver, type Budget, type Measurement } from "./measurement.js";

/** What is written with `--json`. */
export type Report = {
  readonly machine: Machine;
  readonly benchmarks: Readonly<Record<string, readonly (Measurement & { readonly ok: boolean })[]>>;
};

type Machine = {
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  /** Of the minute before the first benchmark: what else ran took its share of the cores. */
  readonly load: number;
};

export const machine = (): Machine => ({
  node: process.version,
  cpu: cpus()[0]?.model ?? "unknown",
  cores: availableParallelism(),
  load: loadavg()[0] ?? 0,
});

export function reportOf(of: Machine, results: ReadonlyMap<string, readonly Measurement[]>): Report {
  const judged = [...results].map(([name, list]) => [name, list.map((one) => ({ ...one, ok: !isOver(one) }))] as const);
  return { machine: of, benchmarks: Object.fromEntries(judged) };
}

const HEADINGS = ["median", "least - greatest", "share", "runs", "budget", ""];
const WIDTHS = [12, 19, 5, 5, 13, 4];

export function heading({ node, cpu, cores, load }: Machine): string {
  return `Node ${node}, ${cores} x ${cpu}, load ${load.toFixed(1)}\n\n${line("", HEADINGS)}`;
}

/** A benchmark's lines of the table. */
export function rows(name: string, measurements: readonly Measurement[]): string {
  return [name, ...measurements.map(rowOf)].join("\n");
}

function rowOf(measurement: Measurement): string {
  const { what, unit, value, low, high, share, runs, budget } = measurement;
  const verdict = budget ? (isOver(measurement) ? "OVER" : "ok") : "";
  const spread = runs > 1 ? `${number(low)} - ${number(high)}` : "";
  const percent = share === undefined ? "" : `${Math.round(share * 100)} %`;
  return line(`  ${what}`, [`${number(value)} ${unit}`, spread, percent, String(runs), budget ? limit(budget) : "", verdict]);
}

function line(first: string, cells: readonly string[]): string {
  return `${first.padEnd(68)}${cells.map((cell, i) => cell.padStart(WIDTHS[i] ?? 0)).join("  ")}`.trimEnd();
}

const limit = (budget: Budget): string => ("atMost" in budget ? `<= ${number(budget.atMost)}` : `>= ${number(budget.atLeast)}`);

/** Three significant digits, and no fraction above a hundred. */
const number = (value: number): string =>
  value.toLocaleString("en-US", { maximumSignificantDigits: Math.max(3, String(Math.trunc(value)).length) });
