import { Option as CommanderOption } from "commander";
import type { Command, Option } from "./command.js";
import { formats } from "./output.js";

/** An option of a command's own, under the name that its value has there. */
export type OwnOption = { readonly name: string; readonly option: Option<unknown>; readonly declared: CommanderOption };

/** The options that a command's file defines. */
export function ownOptions({ options }: Command): OwnOption[] {
  return Object.entries(options).map(([name, option]) => ({ name, option, declared: declaredAs(option) }));
}

/** Those that every command has besides. */
export function commonOptions(command: Command, own: readonly OwnOption[]): CommanderOption[] {
  const choices = command.text ? ["text", ...formats] : [...formats];
  return [
    ...(hasOwnDebug(own) ? [] : [new CommanderOption("--debug", "on failure, print where and why in full")]),
    new CommanderOption("-o, --output <format>", "how to print the result").choices(choices).default(choices[0]),
    new CommanderOption("--query <jmespath>", "print a part of the result only"),
  ];
}

/** All options of a command but `--help`. */
export function optionsOf(command: Command): CommanderOption[] {
  const own = ownOptions(command);
  return [...own.map(({ declared }) => declared), ...commonOptions(command, own)];
}

/** A command may have a use of its own for the word. */
export function hasOwnDebug(own: readonly OwnOption[]): boolean {
  return own.some(({ declared }) => declared.long === "--debug");
}

function declaredAs(option: Option<unknown>): CommanderOption {
  const declared = new CommanderOption(option.flags, option.description).makeOptionMandatory(option.required ?? false);
  if (option.choices) declared.choices([...option.choices]);
  const { parse: parser } = option;
  return parser ? declared.argParser((text: string) => parser(text)) : declared;
}
