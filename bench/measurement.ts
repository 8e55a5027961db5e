export type Unit = "ms" | "µs" | "/s" | "MB" | "bytes";

/** A limit; below it, or above it, lies what the product promises. */
export type Budget = { readonly atMost: number } | { readonly atLeast: number };

/** One line of the table. */
export type Measurement = {
  readonly what: string;
  readonly unit: Unit;
  /** Median of the runs. */
  readonly value: number;
  /** The least and the greatest run. */
  readonly low: number;
  readonly high: number;
  readonly runs: number;
  /** What part it is of the whole above it: 1 would be all. */
  readonly share?: number;
  readonly budget?: Budget;
};

/** What one file below `benchmarks/` exports as its default. */
export type Benchmark = () => Promise<readonly Measurement[]>;

/** @param values one a run */
export function measured(what: string, unit: Unit, values: readonly number[], budget?: Budget): Measurement {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    what,
    unit,
    value: quantile(sorted, 0.5),
    low: quantile(sorted, 0),
    high: quantile(sorted, 1),
    runs: values.length,
    ...(budget && { budget }),
  };
}

/** @param sorted ascending, not empty */
export function quantile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)];
  if (value === undefined) throw new Error("nothing was measured");
  return value;
}

export function isOver({ value, budget }: Measurement): boolean {
  if (!budget) return false;
  return "atMost" in budget ? value > budget.atMost : value < budget.atLeast;
}
