import { shellWords } from "../../cli/config/shellWords.js";

const operators = ["|", ">", ">>", "<", "&&", ";", "2>"];

/** What a line of shell has in place of variables and of other programs' output. */
function settled(line: string): string {
  return line
    .replaceAll("\\\n", " ")
    .replace(/\$\((?!cleanroom)[^()]*\)/g, "text")
    .replace(/\$[A-Z_][A-Z_0-9]*/g, "00".repeat(32));
}

/** The calls of `cleanroom` in a line of shell: the words after its name. */
export function callsIn(line: string): string[][] {
  const words = shellWords(settled(line));
  const calls: string[][] = [];
  for (const [index, word] of words.entries()) {
    if (!/^(["$<]*\()?cleanroom$/.test(word)) continue;
    const rest = words.slice(index + 1);
    const end = rest.findIndex((next) => operators.includes(next));
    const call = end < 0 ? rest : rest.slice(0, end);
    calls.push(word === "cleanroom" ? call : upToParenthesis(call));
  }
  return calls;
}

function upToParenthesis(words: readonly string[]): string[] {
  const end = words.findIndex((word) => word.endsWith(")"));
  return end < 0 ? [...words] : [...words.slice(0, end), (words[end] ?? "").slice(0, -1)];
}
