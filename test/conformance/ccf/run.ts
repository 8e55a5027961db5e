import { complaints, judge, outdated, type Verdict } from "./judge.js";
import { generateMembers } from "./members.js";
import { readOptions, type Options } from "./options.js";
import { playSuite, type Played } from "./playSuite.js";
import { readRecordings, writeRecordings } from "./recordings.js";
import { linesOf, table, tally } from "./report.js";
import { select } from "./select.js";
import { atUrl } from "./services/atUrl.js";
import { byCommands } from "./services/byCommands.js";
import { ownSandbox } from "./services/ownSandbox.js";
import type { ServiceSource } from "./services/service.js";
import type { Suite } from "./suite.js";

/* Plays the suites on a service and compares with the recordings; see README.md. */

const options = readOptions(process.argv.slice(2));
if (options.genKeys !== undefined) generateMembers(options.genKeys);
else if (options.list) for (const { name, scenarios } of select(options)) for (const one of scenarios) console.log(`${name}/${one.name}`);
else process.exitCode = await main(options);

/** @returns the exit status */
async function main(options: Options): Promise<number> {
  const { record, golden } = options;
  const start = Date.now();
  const source = sourceOf(options);
  const played: Played[] = [];
  const verdicts: Verdict[] = [];
  const fatal: string[] = [];
  for (const suite of select(options)) {
    try {
      const results = await playOn(source, suite);
      played.push(...results);
      if (record !== undefined) writeRecordings(suite.name, results, record === true ? golden : record);
      const recorded = readRecordings(suite.name, record === undefined || record === true ? golden : record);
      const judged = results.map((one) => judge(one, recorded[one.scenario]));
      verdicts.push(...judged);
      if (!options.json) for (const line of judged.flatMap((one) => linesOf(one, options.verbose ?? false))) console.log(line);
    } catch (error) {
      fatal.push(`${suite.name}: ${error instanceof Error ? error.message : String(error)}`);
      console.error(fatal.at(-1));
    }
  }
  const total = tally(verdicts);
  // Our own sandbox may differ only where known.ts says so; another service may word its messages as it likes.
  const ours = options.url === undefined && options.startCmd === undefined && record === undefined;
  const wrong = ours ? complaints(verdicts) : [];
  if (options.json) printJson(verdicts, played, fatal, options);
  else {
    for (const one of ours ? outdated(verdicts) : [])
      console.log(`${one.suite}/${one.scenario} ${one.path} no longer differs: see known.ts`);
    for (const line of ["", ...table(verdicts), "", `${((Date.now() - start) / 1000).toFixed(1)} s`]) console.log(line);
  }
  return total.hard > 0 || wrong.length > 0 || fatal.length > 0 ? 1 : 0;
}

function sourceOf({ url, keys, startCmd, stopCmd, port }: Options): ServiceSource {
  if (startCmd !== undefined) return byCommands({ start: startCmd, stop: stopCmd, port, keys });
  return url === undefined ? ownSandbox : atUrl(url, keys ?? "");
}

async function playOn(source: ServiceSource, suite: Suite): Promise<Played[]> {
  const service = await source();
  const interrupted = (): void => void service.stop().finally(() => process.exit(130));
  process.once("SIGINT", interrupted);
  try {
    return await playSuite(suite, service);
  } finally {
    process.off("SIGINT", interrupted);
    await service.stop();
  }
}

function printJson(verdicts: readonly Verdict[], played: readonly Played[], fatal: readonly string[], { dump }: Options): void {
  const names = [...new Set(verdicts.map(({ suite }) => suite))];
  const perSuite = names.map((name) => [name, tally(verdicts.filter(({ suite }) => suite === name))] as const);
  const result = { totals: tally(verdicts), suites: Object.fromEntries(perSuite), report: verdicts, fatal, ...(dump && { played }) };
  console.log(JSON.stringify(result, null, 1));
}
