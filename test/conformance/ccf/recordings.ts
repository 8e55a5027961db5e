import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Played } from "./playSuite.js";
import type { Recording } from "./step.js";

/** Taken from CCF 6.0.7. */
export const GOLDEN = resolve(import.meta.dirname, "golden");

type Scenarios = Readonly<Record<string, Recording>>;
type File = { readonly suite: string; readonly scenarios: Scenarios };

const fileOf = (directory: string, suite: string): string => join(directory, `${suite}.json`);

/** What was recorded of a suite, by scenario; nothing where there is no file. */
export function readRecordings(suite: string, directory = GOLDEN): Scenarios {
  const file = fileOf(directory, suite);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as File).scenarios : {};
}

/** Adds what was played to the recordings, in place of earlier ones of the same scenarios. */
export function writeRecordings(suite: string, played: readonly Played[], directory: string): void {
  const scenarios: Record<string, Recording> = { ...readRecordings(suite, directory) };
  for (const { scenario, recording } of played) if (recording) scenarios[scenario] = recording;
  mkdirSync(directory, { recursive: true });
  writeFileSync(fileOf(directory, suite), `${JSON.stringify({ suite, scenarios }, null, 1)}\n`);
}
