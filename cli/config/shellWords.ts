import { UsageError } from "../failure.js";

/** A quoted part, an escaped character, or a run of plain characters; POSIX shell, 2.2 Quoting. */
const part = /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\]+)/y;

/** The words of a command line as a shell would split it; nothing else of a shell is done. @throws UsageError for a quote that stays open */
export function shellWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let place = 0; place < line.length;) {
    if (/\s/.test(line.charAt(place))) {
      if (word !== undefined) words.push(word);
      word = undefined;
      place += 1;
      continue;
    }
    part.lastIndex = place;
    const match = part.exec(line);
    if (!match) throw new UsageError("a quote or a backslash at the end of the command stays open");
    const [all, single, double, escaped, plain] = match;
    word = (word ?? "") + (single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? escaped ?? plain ?? "");
    place += all.length;
  }
  return word === undefined ? words : [...words, word];
}
