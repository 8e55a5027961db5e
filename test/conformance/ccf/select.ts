import type { Options } from "./options.js";
import type { Suite } from "./suite.js";
import { suites } from "./suites/index.js";

/** The suites that the options name, with the scenarios that they name; all of them where they name none. */
export function select({ suite: names, scenario, shuffle }: Options): Suite[] {
  return suites
    .filter(({ name }) => names?.includes(name) ?? true)
    .map((suite) => {
      const scenarios = suite.scenarios.filter(({ name }) => scenario?.test(name) ?? true);
      return { ...suite, scenarios: shuffle && !suite.fresh ? shuffled(scenarios) : scenarios };
    })
    .filter(({ scenarios }) => scenarios.length > 0);
}

const shuffled = <T>(items: readonly T[]): T[] =>
  items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
