import { execFileSync } from "node:child_process";
import { measured, type Benchmark } from "../measurement.js";
import { command, withFolder } from "../service/process.js";

const WARM_UP = 3;
const RUNS = 15;

/** Processes of the command that end by themselves and need no network. */
const LINES: readonly (readonly [what: string, words: readonly string[]])[] = [
  ["cleanroom --version", ["--version"]],
  ["cleanroom --help", ["--help"]],
  ["cleanroom sandbox status", ["sandbox", "status"]],
  ["cleanroom governance contract show --help", ["governance", "contract", "show", "--help"]],
];

/** From the start of a process to its end, and of one that does nothing, for comparison. */
const benchmark: Benchmark = () =>
  withFolder((folder) => {
    const env = { ...process.env, CLEANROOM_HOME: folder };
    const time = (...args: readonly string[]): number => {
      const began = performance.now();
      execFileSync(process.execPath, args, { env, stdio: "ignore" });
      return performance.now() - began;
    };
    const repeated = (...args: readonly string[]): number[] => {
      for (let i = 0; i < WARM_UP; i++) time(...args);
      return Array.from({ length: RUNS }, () => time(...args));
    };
    return Promise.resolve([
      measured("node -e 0", "ms", repeated("-e", "0")),
      ...LINES.map(([what, words]) => measured(what, "ms", repeated(command, ...words), { atMost: 250 })),
    ]);
  });

export default benchmark;
