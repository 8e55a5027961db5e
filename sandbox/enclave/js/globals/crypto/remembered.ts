/** Longer texts are not worth their memory: guests choose them, and what is worth remembering (certificates, endorsements) is shorter. */
const LONGEST = 64 * 1024;

/**
 * A pure function of a text that remembers its last results, at most `size` of them; the one not asked for longest goes first.
 * What it throws is not remembered.
 */
export function remembered<T>(size: number, compute: (text: string) => T): (text: string) => T {
  const results = new Map<string, { readonly value: T }>();
  return (text) => {
    if (text.length > LONGEST) return compute(text);
    const result = results.get(text) ?? { value: compute(text) };
    results.delete(text);
    results.set(text, result); // at the end: a Map keeps the order of insertion
    if (results.size > size) results.delete(results.keys().next().value ?? "");
    return result.value;
  };
}
