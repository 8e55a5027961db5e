/** What a person has probably meant by a word that is none of these; undefined where nothing is near. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const most = Math.max(1, Math.floor(word.length / 3)); // as many slips as a person makes in a word of that length
  const [best] = [...known].map((text) => ({ text, slips: distance(word, text) })).sort((a, b) => a.slips - b.slips);
  return best && best.slips <= most ? best.text : undefined;
}

/**
 * The command, or group of commands, that is probably meant by words that are none: spelled a little differently, or without the groups before it.
 *
 * @param paths of all commands
 */
export function nearestCommand(words: readonly string[], paths: readonly string[]): string | undefined {
  const byEnding = new Map<string, string>();
  for (const path of paths) {
    const parts = path.split(" ");
    for (let start = parts.length - 1; start >= 0; start--) {
      const ending = parts.slice(start).join(" ");
      if (parts.length - start === 1 && start > 0) continue; // "show" alone could be many
      if (!byEnding.has(ending)) byEnding.set(ending, path);
    }
    for (let count = 1; count < parts.length; count++) {
      const group = parts.slice(0, count).join(" ");
      if (!byEnding.has(group)) byEnding.set(group, group);
    }
  }
  for (let count = words.length; count > 0; count--) {
    const beginning = words.slice(0, count).join(" ");
    if (paths.some((path) => path.startsWith(`${beginning} `))) return undefined; // so far it is right
    const meant = nearest(beginning, byEnding.keys());
    if (meant !== undefined) return byEnding.get(meant);
  }
  return undefined;
}

/** Characters to insert, delete, replace, or swap with the next one (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity;
  for (let i = 1; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity;
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      rows[i]?.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replaced, swapped));
    }
  }
  return at(a.length, b.length);
}
