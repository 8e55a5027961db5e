import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { Bash } from "./bash.js";
import { ensureBuilt } from "./built.js";
import { Interruption } from "./interruption.js";
import { Place } from "./place.js";
import { summary } from "./summary.js";
import { bold, enter, heading, say, showing } from "./terminal.js";
import { readTutorial, type Chapter } from "./tutorial.js";

/*
 * Plays a tutorial: types its blocks of bash, command by command, into one bash, and shows each with what came of it and the time it took.
 * The last chapter of a tutorial puts everything away; whatever happens, nothing that was started here outlives this program, except with --keep.
 */

class Failed extends Error {
  constructor(command: string, status: number) {
    super(`This command failed with status ${status}:\n\n${command}`);
  }
}

const USAGE = `npm run demo -- [--pause] [--keep] [TUTORIAL.md]

  --pause   wait for the Enter key after each step
  --keep    let everything run on, and say how to look around and how to stop it`;

const ours = join(import.meta.dirname, "ml-training", "README.md");
const { pause, keep, tutorial } = options();
const chapters = readTutorial(await readFile(tutorial, "utf8"));
await ensureBuilt().catch((error: unknown) => {
  say(String(error));
  process.exit(1);
});
const interruption = new Interruption();
const place = await Place.make();
const started = performance.now();
const elapsed = (): number => Math.round((performance.now() - started) / 1000);
const bash = new Bash(place.folder, place.env);
interruption.signal.addEventListener("abort", () => void bash.end());

try {
  await playAll();
} catch (error) {
  process.exitCode = interruption.status ?? 1;
  say(`\n${interruption.signal.aborted ? "Interrupted." : error instanceof Error ? error.message : String(error)}`);
}
await end();

async function playAll(): Promise<void> {
  say(`Playing ${relative(process.cwd(), tutorial)} in ${place.folder}\n`);
  const last = chapters.findLastIndex(({ level }) => level === 2);
  for (const [index, chapter] of chapters.slice(0, last).entries()) await play(chapter, index);
  const results = tutorial === ours ? await summary(place.folder, { kept: keep }) : [];
  if (!keep) for (const [index, chapter] of chapters.slice(last).entries()) await play(chapter, last + index);
  say(`${bold(`Done in ${elapsed()} s`)}\n`);
  for (const line of results) say(line);
}

async function play({ level, title, gist, steps }: Chapter, index: number): Promise<void> {
  const all = chapters.filter((chapter) => chapter.level === 2);
  const at = chapters.slice(0, index + 1).filter((chapter) => chapter.level === 2).length;
  heading(`${"#".repeat(level - 1)} ${title}`, gist, level === 2 ? `${at} of ${all.length}, ${elapsed()} s` : "");
  for (const commands of steps) {
    for (const command of commands) {
      interruption.signal.throwIfAborted();
      const { status } = await showing(command, () => bash.latest, () => type(command)); // prettier-ignore
      if (status !== 0) throw new Failed(command, status);
    }
    say();
    if (pause) await enter(interruption.signal);
  }
}

async function type(command: string) {
  const result = await bash.run(command);
  const [, variable] = /^([A-Za-z]\w*)=\$\((?!cat )/.exec(command) ?? [];
  if (variable === undefined || result.status !== 0) return result;
  const { out } = await bash.run(`printf %s "$${variable}"`);
  return { ...result, value: `${variable} = ${out}` };
}

async function end(): Promise<void> {
  await bash.end();
  if (keep) {
    await tellHowToLookAround();
    return;
  }
  try {
    await place.stop();
    await place.remove();
    say(`Nothing of it runs any more, and ${place.folder} is gone. npm run demo -- --keep leaves both.`);
  } catch (error) {
    process.exitCode = 1;
    say(`Something in ${place.folder} may still run: ${String(error)}`);
  }
}

async function tellHowToLookAround(): Promise<void> {
  const stops = (await place.sandboxes()).map((port) => `cleanroom sandbox stop --port ${port}`);
  if (await place.cloudRuns()) stops.unshift("cleanroom sandbox azure stop");
  say("Everything runs on. To look around:\n");
  say(`  cd ${place.folder}`);
  say('  export CLEANROOM_HOME="$PWD/.cleanroom" PATH="$PWD/.bin:$PATH"');
  say("  cleanroom status --governance-client tdp-client");
  say("  cleanroom governance contract show --id collab1-ml --governance-client tdc-client");
  say("\nAnd to stop and remove it:\n");
  for (const stop of [...stops, `cd && rm -r ${place.folder}`]) say(`  ${stop}`);
}

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { pause: { type: "boolean" }, keep: { type: "boolean" }, help: { type: "boolean" } },
    });
    if (values.help || positionals.length > 1) {
      say(USAGE);
      process.exit(values.help ? 0 : 2);
    }
    const [tutorial = ours] = positionals;
    return { pause: values.pause === true && process.stdin.isTTY && process.stdout.isTTY, keep: values.keep === true, tutorial };
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}
