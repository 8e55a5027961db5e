import type { Play } from "./play.js";

/** Data that a scenario needs and that is not part of the repository. */
export type Need = "snp-reports";

/** Plays against an open service, on its own: no scenario needs another to have run, except in an ordered suite. */
export type Scenario = {
  readonly name: string;
  readonly needs?: Need;
  readonly run: (t: Play) => Promise<unknown>;
};

export type Suite = {
  readonly name: string;
  readonly title: string;
  /** Starts from a service in state Opening, and its scenarios build on each other. */
  readonly fresh?: boolean;
  readonly scenarios: readonly Scenario[];
};

export const scenario = (name: string, run: Scenario["run"], needs?: Need): Scenario => ({ name, run, ...(needs && { needs }) });
