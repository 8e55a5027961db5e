import { describe, type Verdict } from "./judge.js";

export type Tally = {
  readonly scenarios: number;
  readonly steps: number;
  readonly exact: number;
  /** Scenarios with differences of severity `message` alone. */
  readonly messageOnly: number;
  readonly failed: number;
  readonly skipped: number;
  /** Differences by severity; `known` are those of severity `message` that are listed. */
  readonly hard: number;
  readonly message: number;
  readonly known: number;
};

export function tally(verdicts: readonly Verdict[]): Tally {
  const played = verdicts.filter(({ skipped }) => skipped === undefined);
  const all = played.flatMap(({ mismatches }) => mismatches);
  const failed = played.filter(isFailed).length;
  const exact = played.filter(({ mismatches }) => mismatches.length === 0).length;
  const hard = all.filter(({ severity }) => severity === "hard").length;
  return {
    scenarios: verdicts.length,
    steps: played.reduce((sum, { steps }) => sum + steps, 0),
    exact,
    messageOnly: played.length - exact - failed,
    failed,
    skipped: verdicts.length - played.length,
    hard,
    message: all.length - hard,
    known: all.filter(({ known }) => known).length,
  };
}

const isFailed = ({ mismatches }: Verdict): boolean => mismatches.some(({ severity }) => severity === "hard");

/** A line for a scenario, and one for each of its first differences that are not known; with `verbose`, for all. */
export function linesOf(verdict: Verdict, verbose: boolean): string[] {
  const { suite, scenario, steps, milliseconds, mismatches, skipped } = verdict;
  if (skipped !== undefined) return [`skip ${suite}/${scenario}: ${skipped}`];
  const mark = isFailed(verdict) ? "FAIL" : mismatches.length > 0 ? "msg " : "ok  ";
  const told = verbose ? mismatches : mismatches.filter(({ known }) => !known);
  const shown = verbose ? told : told.slice(0, MOST);
  return [
    `${mark} ${suite}/${scenario} (${steps} steps${verbose ? `, ${milliseconds} ms` : ""})`,
    ...shown.map((one) => `       ${one.known ? "known " : ""}${describe(one)}`),
    ...(shown.length < told.length ? [`       … ${told.length - shown.length} more`] : []),
  ];
}

const MOST = 12;

const COLUMNS = ["scenarios", "steps", "exact", "messageOnly", "failed", "skipped", "hard", "message", "known"] as const;
const TITLES: Readonly<Record<string, string>> = { messageOnly: "message-only" };

/** A row for each suite, and one for all. */
export function table(verdicts: readonly Verdict[]): string[] {
  const suites = [...new Set(verdicts.map(({ suite }) => suite))];
  const rows = [
    ["suite", ...COLUMNS.map((name) => TITLES[name] ?? name)],
    ...suites.map((name) =>
      rowOf(
        name,
        verdicts.filter(({ suite }) => suite === name),
      ),
    ),
    rowOf("all", verdicts),
  ];
  const widths = [...(rows[0]?.keys() ?? [])].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "));
}

function rowOf(name: string, verdicts: readonly Verdict[]): string[] {
  const numbers = tally(verdicts);
  return [name, ...COLUMNS.map((column) => String(numbers[column]))];
}
