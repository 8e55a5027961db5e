import { Fault, quoted } from "./fault.js";
import type { Row } from "./table.js";

export type Table = {
  /** How messages call it. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
};

export type Joined = {
  /** Each with the table that it comes from. */
  readonly columns: readonly { readonly name: string; readonly table: number }[];
  readonly rows: readonly JoinedRow[];
  /** What became of the rows of each table. */
  readonly counts: readonly Counts[];
};

export type JoinedRow = {
  readonly values: readonly string[];
  /** Where it stood, by table. */
  readonly lines: readonly number[];
};

export type Counts = {
  /** All rows of the table: the sum of what follows. */
  readonly rows: number;
  readonly joined: number;
  /** Rows that say what an earlier row of the same key says. */
  readonly duplicates: number;
  /** Rows of a key that has rows that say different things: nobody knows which is true. */
  readonly contradictory: number;
  /** Rows whose key is not in every table. */
  readonly unmatched: number;
};

/**
 * Joins tables where they have the key in common (an inner join, in the order of the first table). Neither the key nor an identifier is in
 * what comes out, nor do they count when two rows are compared.
 *
 * @throws Fault for a row without a key
 */
export function join(tables: readonly Table[], key: string, identifiers: readonly string[]): Joined {
  const unwanted = new Set([key, ...identifiers]);
  const distinct = tables.map((table) => distinctRows(table, key, unwanted));
  const [first, ...others] = distinct;
  const keys = first ? [...first.rows.keys()].filter((value) => others.every(({ rows }) => rows.has(value))) : [];
  return {
    columns: distinct.flatMap(({ kept }, table) => kept.map((name) => ({ name, table }))),
    rows: keys.map((value) => {
      const parts = distinct.flatMap(({ rows }) => rows.get(value) ?? []);
      return { values: parts.flatMap((part) => part.values), lines: parts.map(({ line }) => line) };
    }),
    counts: distinct.map(({ rows, duplicates, contradictory }, table) => ({
      rows: tables[table]?.rows.length ?? 0,
      joined: keys.length,
      duplicates,
      contradictory,
      unmatched: rows.size - keys.length,
    })),
  };
}

type Distinct = {
  /** The columns that are left. */
  readonly kept: readonly string[];
  readonly rows: ReadonlyMap<string, Row>;
  readonly duplicates: number;
  readonly contradictory: number;
};

function distinctRows({ name, columns, rows }: Table, key: string, unwanted: ReadonlySet<string>): Distinct {
  const keyPlace = columns.indexOf(key);
  const places = columns.flatMap((column, place) => (unwanted.has(column) ? [] : [place]));
  const byKey = new Map<string, Row[]>();
  for (const { line, values } of rows) {
    const value = values[keyPlace] ?? "";
    if (value === "") throw new Fault(`${name}: line ${line}: ${quoted(key)} is empty`);
    const row = { line, values: places.map((place) => values[place] ?? "") };
    const same = byKey.get(value);
    if (same) same.push(row);
    else byKey.set(value, [row]);
  }
  const kept = new Map<string, Row>();
  let duplicates = 0;
  let contradictory = 0;
  for (const [value, [row, ...more]] of byKey) {
    if (!row) continue;
    if (more.some((other) => other.values.some((text, place) => text !== row.values[place]))) {
      contradictory += 1 + more.length;
    } else {
      duplicates += more.length;
      kept.set(value, row);
    }
  }
  return { kept: places.map((place) => columns[place] ?? ""), rows: kept, duplicates, contradictory };
}
