const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * The one text of a JSON value that digests are taken of: keys in the order of their code points, two spaces a level, nothing escaped that
 * need not be, no newline at the end. Python's `json.dumps(indent=2, sort_keys=True, ensure_ascii=False)` and `jq -S -j` write the same.
 */
export function canonicalJson(value: unknown, indent = "\n"): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  const [open, close, items] = Array.isArray(value)
    ? ["[", "]", (value as readonly unknown[]).map((item) => canonicalJson(item, deeper))]
    : ["{", "}", fieldsOf(value, deeper)];
  return items.length === 0 ? open + close : open + items.map((item) => deeper + item).join(",") + indent + close;
}

/** As in JSON.stringify, fields that are undefined are absent. */
const fieldsOf = (object: object, indent: string): string[] =>
  Object.entries(object)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => byCodePoint(a, b))
    .map(([key, field]) => `${JSON.stringify(key)}: ${canonicalJson(field, indent)}`);
