import { Command, InvalidArgumentError } from "commander";
import { GOLDEN } from "./recordings.js";
import { suites } from "./suites/index.js";

export type Options = {
  readonly url?: string;
  readonly keys?: string;
  readonly startCmd?: string;
  readonly stopCmd?: string;
  readonly port: number;
  readonly suite?: readonly string[];
  readonly scenario?: RegExp;
  readonly shuffle?: true;
  readonly golden: string;
  /** Where to; true for the directory that is compared with otherwise. */
  readonly record?: string | true;
  readonly genKeys?: string;
  readonly list?: true;
  readonly json?: true;
  readonly dump?: true;
  readonly verbose?: true;
};

/** The command line; with a mistake in it, the process ends with status 1. @param words what follows the name of the program */
export function readOptions(words: readonly string[]): Options {
  const program = new Command("conformance")
    .description("Plays what was recorded of CCF 6.0.7, by default on a fresh sandbox of this repository for each suite.")
    .option("--url <url>", "play all suites on the service at this URL")
    .option("--keys <dir>", "keys of the service's members")
    .option("--start-cmd <command>", "start a service for each suite; {port}, {members} and {constitution} are filled in")
    .option("--stop-cmd <command>", "stop it")
    .option("--port <port>", "the port that the commands are given", portOf, 8000)
    .option("--suite <names>", "only these suites, separated by commas; may be given several times", suitesOf)
    .option("--scenario <regexp>", "only scenarios whose name matches", regexpOf)
    .option("--shuffle", "play scenarios in random order, where order does not matter")
    .option("--golden <dir>", "compare with recordings in another directory", GOLDEN)
    .option("--record [dir]", "write recordings in place of comparing with them")
    .option("--gen-keys <dir>", "make the members' keys for a fresh service, and end")
    .option("--list", "print the names of the scenarios, and end")
    .option("--json", "print the result as JSON")
    .option("--dump", "with --json: what was played as well")
    .option("--verbose", "print all differences, also known ones, and times")
    .parse(words, { from: "user" });
  const options = program.opts<Options>();
  if (options.url !== undefined && options.keys === undefined) program.error("error: --url needs --keys");
  return options;
}

function suitesOf(text: string, before: readonly string[] = []): readonly string[] {
  const names = text.split(",");
  const unknown = names.find((name) => !suites.some((suite) => suite.name === name));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`There is no suite ${unknown}; there are ${suites.map(({ name }) => name).join(", ")}.`);
  return [...before, ...names];
}

function portOf(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is no port.");
}

function regexpOf(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
