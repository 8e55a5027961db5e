import { fork } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { builtFile, installation } from "../../cli/installation.js";
import { measured, type Benchmark } from "../measurement.js";
import { newMember } from "../service/people.js";

const PROCESSES = 5;
const STARTS = 10;

/** `startSandbox` as a test suite calls it: the built library, nothing kept. Resolved, the service answers and has an interpreter ready. */
const benchmark: Benchmark = async () => {
  const library = pathToFileURL(builtFile(join("sandbox", "index.js"))).href;
  const { certificate } = newMember("isv");
  const constitution = await readFile(builtFile("constitution.js"), "utf8");
  const starts = async (count: number, ...port: readonly string[]): Promise<number[]> => {
    const script = join(installation(), "bench", "service", "startRepeatedly.mjs");
    const child = fork(script, [library, certificate, constitution, String(count), ...port], { execArgv: [] });
    const [times] = (await once(child, "message")) as [number[]];
    return times;
  };
  const firsts: number[] = [];
  for (let i = 0; i < PROCESSES; i++) firsts.push(...(await starts(1)));
  return [
    measured("startSandbox, the first of a process", "ms", firsts, { atMost: 300 }),
    measured("startSandbox, later ones", "ms", (await starts(STARTS)).slice(1), { atMost: 300 }),
    measured("startSandbox with a port, later ones", "ms", (await starts(STARTS, "port")).slice(1), { atMost: 300 }),
  ];
};

export default benchmark;
