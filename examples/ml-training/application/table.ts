import { CsvError, parse } from "csv-parse/sync";
import { Fault, quoted } from "./fault.js";

export type Row = {
  /** Where it stood in its file; the header is line 1. */
  readonly line: number;
  /** In the order of the columns that were asked for. */
  readonly values: readonly string[];
};

/**
 * The rows of a CSV file (RFC 4180), of the columns asked for.
 *
 * @param name how messages call the file
 * @throws Fault
 */
export function readTable(text: string, columns: readonly string[], name: string): readonly Row[] {
  const [header, ...rows] = recordsOf(text, name);
  if (!header) throw new Fault(`${name}: has no header`);
  const places = columns.map((column) => {
    const place = header.values.indexOf(column);
    if (place < 0) throw new Fault(`${name}: has no column ${quoted(column)}`);
    if (header.values.includes(column, place + 1)) throw new Fault(`${name}: has the column ${quoted(column)} twice`);
    return place;
  });
  if (rows.length === 0) throw new Fault(`${name}: has a header and no rows`);
  return rows.map(({ line, values }) => ({ line, values: places.map((place) => values[place] ?? "") }));
}

type Parsed = { readonly record: string[]; readonly info: { readonly lines: number } };

function recordsOf(text: string, name: string): Row[] {
  try {
    const records = parse(text, { bom: true, info: true, skip_empty_lines: true }) as unknown as readonly Parsed[]; // not typed for `info`
    return records.map(({ record, info }) => ({ line: info.lines, values: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Its own message has pieces of the data in it.
    const line = typeof error.lines === "number" ? `line ${error.lines}: ` : "";
    throw new Fault(`${name}: ${line}${REASONS[error.code] ?? "is not CSV"}`);
  }
}

const REASONS: Readonly<Partial<Record<CsvError["code"], string>>> = {
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: "has another number of columns than the header",
  CSV_QUOTE_NOT_CLOSED: "a quote is not closed",
  CSV_INVALID_CLOSING_QUOTE: "a quote is closed within a value",
  INVALID_OPENING_QUOTE: "a quote opens within a value",
};
