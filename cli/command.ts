import type { Io } from "./io.js";

/** One option of a command: how it is written, and what its value is once parsed. */
export type Option<T> = {
  /** As commander wants it: `-e, --ccf-endpoint <url>`. A value in `<>` has to follow. */
  readonly flags: string;
  readonly description: string;
  readonly required?: boolean;
  readonly choices?: readonly string[];
  /** Turns the text into a value. @throws UsageError */
  readonly parse?: (text: string) => T;
  /** Gives the value its type: what the parser yields, or undefined. */
  readonly read: (raw: unknown) => T;
};

export type Options = Readonly<Record<string, Option<unknown>>>;

export type Values<O extends Options> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };

/** What a command's file says of it. */
type Definition<O extends Options> = {
  /** What the help says below the usage; the one-line summary stands in the table of commands. */
  readonly description: string;
  /** Whole command lines, each with a few words that say what it does. */
  readonly examples: readonly (readonly [purpose: string, line: string])[];
  readonly options: O;
  /** The result as a person reads it; where it is there, it is printed unless another format or a query is asked for. */
  readonly text?: (result: never) => string;
  /** What a table shows of the result where no query selects: tables have no room for what is inside of fields. */
  readonly rows?: (result: never) => unknown;
  /** The exit status that the result stands for, where it is not always 0. */
  readonly status?: (result: never) => number;
  /** The result is printed in the format that was asked for; undefined and null print nothing. */
  readonly run: (values: Values<O>, io: Io) => Promise<unknown>;
};

/** A command whose options have been forgotten: the table of commands holds all kinds. */
export type Command = Omit<Definition<Options>, "run"> & { readonly run: (values: never, io: Io) => Promise<unknown> };

/** Defines a command; its file exports the result as its default. The types of the values follow from the options. */
export function command<const O extends Options>(definition: Definition<O>): Command {
  return definition;
}

/** A text that has to be given. */
export function required(flags: string, description: string): Option<string> {
  return { flags, description, required: true, read: (raw) => raw as string };
}

/** A text that may be given. */
export function optional(flags: string, description: string): Option<string | undefined> {
  return { flags, description, read: (raw) => raw as string | undefined };
}

/** One of a few words, to be given. */
export function oneOf<const C extends string>(flags: string, description: string, choices: readonly C[]): Option<C> {
  return { flags, description, required: true, choices, read: (raw) => raw as C };
}

/** One of a few words, or nothing. */
export function maybeOneOf<const C extends string>(flags: string, description: string, choices: readonly C[]): Option<C | undefined> {
  return { flags, description, choices, read: (raw) => raw as C | undefined };
}

/** Present or not. */
export function flag(flags: string, description: string): Option<boolean> {
  return { flags, description, read: (raw) => raw === true };
}

/** Whatever `parse` makes of the text, or undefined where it is not given. `parse` throws UsageError. */
export function parsed<T>(flags: string, description: string, parse: (text: string) => T): Option<T | undefined> {
  return { flags, description, parse, read: (raw) => raw as T | undefined };
}

/** Several texts, each a word of its own: `--option A B`. None where it is not given. */
export function several(flags: string, description: string): Option<readonly string[]> {
  return { flags, description, read: (raw) => (raw ?? []) as readonly string[] };
}

/** The same option, which has to be given. */
export function mandatory<T>(option: Option<T | undefined>): Option<T> {
  return { ...(option as Option<T>), required: true };
}
