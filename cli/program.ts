import { Command as Commander, CommanderError } from "commander";
import type { Command } from "./command.js";
import { groups, type Row } from "./commands.js";
import { UsageError } from "./failure.js";
import type { Io } from "./io.js";
import { commonOptions, hasOwnDebug, ownOptions } from "./options.js";
import { presenter, type Format } from "./output.js";
import { nearest, nearestCommand } from "./suggest.js";
import { version } from "./version.js";

/** A command line, understood: a command to run, or something that was answered on the spot (help, version, a wrong call). */
export type Call =
  | {
      readonly kind: "command";
      readonly run: () => Promise<unknown>;
      readonly present: (result: unknown) => Promise<string>;
      /** The exit status that a result stands for. */
      readonly status: (result: unknown) => number;
      /** Whether a failure is to be shown in full. */
      readonly debug: boolean;
    }
  | { readonly kind: "answered"; readonly status: 0 | 2 };

/**
 * Reads a command line. Of all commands only the one that is named is loaded.
 *
 * @throws UsageError
 */
export async function parse(rows: readonly Row[], argv: readonly string[], io: Io): Promise<Call> {
  let call: (() => Promise<Call>) | undefined;
  let leafOfCall: Commander | undefined;
  const program = configured(new Commander("cleanroom"), io)
    .description("Governance for clean rooms: several organisations agree on what may be computed on their data.")
    .version(version, "--version", "print the version")
    .addHelpText(
      "after",
      "\nExit status: 0 when all went well, 1 when the command failed, 2 when it was called in a wrong way.\n" +
        "Completion of words by your shell: cleanroom completion bash --help (or zsh, or fish).",
    );
  const named = rows.find(({ path }) => path.split(" ").every((word, index) => argv[index] === word));

  for (const row of rows) {
    const leaf = leafOf(program, row, io);
    if (row !== named) continue;
    const { default: command } = await row.load();
    call = declare(leaf, row, command, io);
    leafOfCall = leaf;
  }

  if (!named) refuseUnknown(rows, argv);
  try {
    program.parse(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // commander has already written what there is to say, but for this:
    if (error.code === "commander.missingMandatoryOptionValue" && leafOfCall) noteUnknownOptions(leafOfCall, argv, io);
    return { kind: "answered", status: error.exitCode === 0 ? 0 : 2 };
  }
  if (!call) throw new UsageError("no command was given");
  return call();
}

/** Words that are neither a command nor the beginning of one. @throws UsageError */
function refuseUnknown(rows: readonly Row[], argv: readonly string[]): void {
  const end = argv.findIndex((word) => word.startsWith("-"));
  const words = end < 0 ? argv : argv.slice(0, end);
  const begins = words.every((_, index) => rows.some(({ path }) => `${path} `.startsWith(`${words.slice(0, index + 1).join(" ")} `)));
  if (begins) return;
  const meant = nearestCommand(words, rows.map(({ path }) => path)); // prettier-ignore
  throw new UsageError(`"${words.join(" ")}" is no command${meant === undefined ? "" : `; did you mean: cleanroom ${meant}`}`);
}

/** An option that has to be given may be there, misspelled. */
function noteUnknownOptions(leaf: Commander, argv: readonly string[], io: Io): void {
  const known = leaf.options.flatMap(({ long }) => (long === undefined ? [] : [long]));
  for (const word of argv.filter((word) => /^--[a-z]/.test(word) && !known.includes(word.split("=")[0] ?? ""))) {
    const meant = nearest(word.split("=")[0] ?? "", known);
    if (meant !== undefined) io.note(`${word} is no option of it; did you mean ${meant}?`);
  }
}

/** The place of a command below its groups; groups appear as they are needed. */
function leafOf(program: Commander, { path, summary }: Row, io: Io): Commander {
  const words = path.split(" ");
  let parent = program;
  for (const [index, word] of words.slice(0, -1).entries()) {
    const known = parent.commands.find((child) => child.name() === word);
    parent = known ?? configured(parent.command(word), io).description(groups[words.slice(0, index + 1).join(" ")] ?? "");
  }
  return configured(parent.command(words.at(-1) ?? path), io).description(summary);
}

function configured(commander: Commander, io: Io): Commander {
  return commander
    .exitOverride()
    .enablePositionalOptions()
    .helpOption("-h, --help", "show this help")
    .helpCommand(false)
    .configureOutput({ writeOut: io.out, writeErr: (text) => { io.note(text.trimEnd()); } }); // prettier-ignore
}

/** Gives a command its options, and what to do with their values. */
function declare(leaf: Commander, row: Row, command: Command, io: Io): () => Promise<Call> {
  const own = ownOptions(command);
  leaf.description(command.description);
  for (const declared of [...own.map((option) => option.declared), ...commonOptions(command, own)]) leaf.addOption(declared);
  leaf
    .addHelpText("after", examplesText(row, command))
    .allowExcessArguments(false)
    .action(() => undefined);

  return async () => {
    const given: Record<string, unknown> = leaf.opts();
    const query = given.query as string | undefined;
    const present = await presenter({
      output: given.output as Format | "text",
      query,
      text: command.text as ((result: unknown) => string) | undefined,
      rows: command.rows as ((result: unknown) => unknown) | undefined,
    });
    const values = Object.fromEntries(own.map(({ name, option, declared }) => [name, option.read(given[declared.attributeName()])]));
    const status = (command.status ?? (() => 0)) as (result: unknown) => number;
    return {
      kind: "command",
      present,
      run: () => command.run(values as never, io),
      status,
      debug: !hasOwnDebug(own) && given.debug === true,
    };
  };
}

/** The examples of a command, under the name that it was called by. */
function examplesText({ path, aliasOf = path }: Row, { examples }: Command): string {
  const lines = examples.map(([purpose, line]) => `  # ${purpose}\n  ${line.replaceAll(`cleanroom ${aliasOf}`, `cleanroom ${path}`)}`);
  return `\nExamples:\n${lines.join("\n\n")}`;
}
