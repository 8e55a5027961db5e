import Table from "cli-table3";
import { cell } from "./cell.js";
import { harmless } from "../cleanroom/harmless.js";

/** Characters in a cell: an id (64) fits. */
const MAX_WIDTH = 80;

const nothing = "";
const chars = {
  top: nothing,
  "top-mid": nothing,
  "top-left": nothing,
  "top-right": nothing,
  bottom: nothing,
  "bottom-mid": nothing,
  "bottom-left": nothing,
  "bottom-right": nothing,
  left: nothing,
  "left-mid": nothing,
  right: nothing,
  "right-mid": nothing,
  mid: nothing,
  "mid-mid": nothing,
  middle: "  ",
};

/** Columns for people: one row for each object of a list, a column for each field that is not an object or a list itself. */
export function table(value: unknown): string {
  const rows = (Array.isArray(value) ? (value as unknown[]) : unwrapped(value)).map(fieldsOf);
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const body = rows.map((row) => names.map((name) => shortened(cell(row[name]))));
  const rule = names.map((name, column) => "-".repeat(Math.max(name.length, ...body.map((cells) => cells[column]?.length ?? 0))));
  const grid = new Table({ chars, style: { "padding-left": 0, "padding-right": 0, head: [], border: [] } });
  grid.push(names, rule, ...body);
  const lines = grid.toString().split("\n");
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

/** A table is for looking: of a long text it shows the beginning, on one line. */
function shortened(text: string): string {
  const [line = "", ...more] = text.split(/\r?\n/, 2);
  return harmless(line.slice(0, MAX_WIDTH)) + (more.length > 0 || line.length > MAX_WIDTH ? "…" : "");
}

/** A result of the form `{value: [...]}` is a list with one layer of wrapping. */
function unwrapped(value: unknown): unknown[] {
  const inner = typeof value === "object" && value !== null && "value" in value ? value.value : undefined;
  return Array.isArray(inner) ? (inner as unknown[]) : [value];
}

function fieldsOf(row: unknown): Record<string, unknown> {
  if (Array.isArray(row)) return Object.fromEntries(row.map((item, index) => [`Column${index + 1}`, item]));
  if (typeof row !== "object" || row === null) return { Result: row };
  return Object.fromEntries(Object.entries(row).filter(([, item]) => typeof item !== "object" || item === null));
}
