import type { Shown, ShownRow, ShownTransaction } from "../../../sandbox/ledger.js";

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

/** Members wrote these texts: none of them may break lines, move the cursor, or turn the direction of writing. */
function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    if (character === "\n") return "\\n";
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
