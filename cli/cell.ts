/** A value as the text of a cell: a list shows as its length, an object and what is absent as nothing. */
export function cell(value: unknown): string {
  if (Array.isArray(value)) return String(value.length);
  if (typeof value === "object" || value === undefined) return ""; // null is an object to typeof
  return typeof value === "string" ? value : JSON.stringify(value);
}
