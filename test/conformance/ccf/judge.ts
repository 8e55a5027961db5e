import { compare, type Mismatch } from "./comparer.js";
import { known, type Known } from "./known.js";
import type { Played } from "./playSuite.js";
import type { Recording } from "./step.js";

/** A mismatch, and why it is known where it is. */
export type Judged = Mismatch & { readonly known?: Known };

export type Verdict = {
  readonly suite: string;
  readonly scenario: string;
  readonly steps: number;
  readonly milliseconds: number;
  readonly skipped?: string;
  readonly mismatches: readonly Judged[];
};

const UNRECORDED: Mismatch = {
  severity: "hard",
  step: "(scenario)",
  index: 0,
  path: "recording",
  expected: "a recording",
  actual: "none",
};

/** Compares what was played with what was recorded. */
export function judge({ suite, scenario, skipped, recording, milliseconds }: Played, recorded: Recording | undefined): Verdict {
  const verdict = { suite, scenario, milliseconds };
  if (!recording) return { ...verdict, steps: 0, skipped: skipped ?? "not played", mismatches: [] };
  const mismatches = recorded ? compare(recorded, recording) : [UNRECORDED];
  const withReason = mismatches.map((mismatch) => {
    const reason = known.find((one) => one.suite === suite && one.scenario === scenario && covers(one, mismatch));
    return reason ? { ...mismatch, known: reason } : mismatch;
  });
  return { ...verdict, steps: recording.steps.length, mismatches: withReason };
}

function covers({ steps, path }: Known, mismatch: Mismatch): boolean {
  if (mismatch.severity === "hard" || !steps.includes(mismatch.step)) return false;
  return mismatch.path === path || [".", "["].some((next) => mismatch.path.startsWith(path + next));
}

/** Known differences of scenarios that were played, which did not show: they are known no longer. */
export function outdated(verdicts: readonly Verdict[]): Known[] {
  const shown = new Set(verdicts.flatMap(({ mismatches }) => mismatches.map((mismatch) => mismatch.known)));
  const played = verdicts.filter(({ skipped }) => skipped === undefined);
  return known.filter(
    (one) => !one.sometimes && !shown.has(one) && played.some(({ suite, scenario }) => suite === one.suite && scenario === one.scenario),
  );
}

/** What must not be: every difference that is not known, and every known one that is none; a line each. */
export function complaints(verdicts: readonly Verdict[]): string[] {
  const differences = verdicts.flatMap(({ suite, scenario, mismatches }) =>
    mismatches.filter((one) => !one.known).map((one) => `${suite}/${scenario}: ${describe(one)}`),
  );
  const gone = outdated(verdicts).map(({ suite, scenario, path }) => `${suite}/${scenario}: ${path} no longer differs; see known.ts`);
  return [...differences, ...gone];
}

export const describe = ({ severity, index, step, path, expected, actual }: Mismatch): string =>
  `${severity} @ ${index + 1} ${step} :: ${path}: expected ${expected}, actual ${actual}`;
