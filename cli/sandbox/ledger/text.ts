import type { Shown, ShownRow, ShownTransaction } from "../../../sandbox/ledger.js";
import { harmless } from "../../../cleanroom/harmless.js";

/** In characters. */
const MAX_KEY = 80;
const MAX_VALUE = 120;

/** A transaction for people: its id, and below it tables and rows, a line each. */
export function transactionText({ id, claimsDigest, tables, privateBytes }: ShownTransaction): string {
  return [
    id,
    ...(claimsDigest === undefined ? [] : [`  claims ${claimsDigest}`]),
    ...tables.flatMap(({ name, rows }) => [`  ${harmless(name)}`, ...rows.map(rowText)]),
    ...(privateBytes > 0 ? [`  private, ${privateBytes} bytes`] : []),
    "",
  ].join("\n");
}

function rowText({ key, value }: ShownRow): string {
  const name = shortened(plain(key), MAX_KEY);
  return `    ${name} ${value === null ? "(deleted)" : `= ${shortened(plain(value), MAX_VALUE)}`}`;
}

function plain(shown: Shown): string {
  if ("hex" in shown) return `0x${shown.hex}`;
  return harmless("text" in shown ? shown.text : JSON.stringify(shown.json));
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}... (${text.length} characters)`;
}
