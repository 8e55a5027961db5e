import { cell } from "./cell.js";
import { CommandError, UsageError } from "./failure.js";

export const formats = ["json", "tsv", "yaml", "table"] as const;
export type Format = (typeof formats)[number];

/** How the result of a command is to be shown. */
export type Presentation = {
  readonly output: Format | "text";
  readonly query: string | undefined;
  /** How the command itself prints its result; what a query selects of it is printed as JSON instead. */
  readonly text?: ((result: unknown) => string) | undefined;
  /** What a table shows of a result, where no query selects. */
  readonly rows?: ((result: unknown) => unknown) | undefined;
};

/**
 * Makes ready to print, before the command does anything, so that a query that is no JMESPath is refused before the action. Whether it
 * fits the result shows only afterwards.
 *
 * @returns from a result to the text for the standard output; empty where there is nothing to print
 * @throws UsageError
 */
export async function presenter({ output, query, text, rows }: Presentation): Promise<(result: unknown) => Promise<string>> {
  if (output === "text" && text && query === undefined) return (result) => Promise.resolve(text(result));
  const format = output === "text" ? "json" : output;
  const whole = format === "table" && rows ? rows : (result: unknown) => result;
  const select = query === undefined ? whole : await selector(query);
  return (result) => {
    // What a command returns is printed as its JSON: dates are texts, absent fields are absent.
    const plain: unknown = result === undefined ? null : JSON.parse(JSON.stringify(result));
    const selected = select(plain);
    return selected === null || selected === undefined ? Promise.resolve("") : render(selected, format);
  };
}

/** A JMESPath query (https://jmespath.org/specification.html). */
async function selector(query: string): Promise<(result: unknown) => unknown> {
  const { default: jmespath } = await import("jmespath");
  const { compile } = jmespath as typeof jmespath & { readonly compile: (query: string) => unknown }; // absent from its type declarations
  try {
    compile(query);
  } catch (cause) {
    throw new UsageError(`--query is not JMESPath: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  return (result) => {
    try {
      return result === null ? null : (jmespath.search(result, query) as unknown);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CommandError(`the command was carried out, but --query does not fit its result: ${reason}`, { cause });
    }
  };
}

async function render(value: unknown, format: Format): Promise<string> {
  switch (format) {
    case "json":
      return `${JSON.stringify(value, null, 2)}\n`;
    case "tsv":
      return tsv(value);
    case "yaml":
      return (await import("yaml")).default.stringify(value, { lineWidth: 0 });
    case "table":
      return (await import("./table.js")).table(value);
  }
}

/**
 * One line for each element of a list; an object's or an inner list's values are separated by tabs. A list in a cell shows as its length
 * and an object as nothing, so that the number of columns is the same in every row. Texts stand as they are.
 */
function tsv(value: unknown): string {
  const rows = Array.isArray(value) ? (value as unknown[]) : [value];
  return rows.map((row) => `${cells(row).join("\t")}\n`).join("");
}

function cells(row: unknown): string[] {
  if (Array.isArray(row)) return row.map(cell);
  return typeof row === "object" && row !== null ? Object.values(row).map(cell) : [cell(row)];
}
