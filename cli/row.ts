import type { Command } from "./command.js";

/** A row of the table of commands. The file behind it is loaded only when the command is called, or asked for its help. */
export type Row = {
  /** The words after `cleanroom`. */
  readonly path: string;
  /** One line for the overview. */
  readonly summary: string;
  /** The path of the command that this one is another name of. */
  readonly aliasOf?: string;
  readonly load: () => Promise<{ readonly default: Command }>;
};
