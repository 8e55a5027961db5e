import { execFileSync } from "node:child_process";

/** A heading of a tutorial, with what is typed below it. */
export type Chapter = {
  /** Of the heading: 2 for `##`. */
  readonly level: number;
  readonly title: string;
  /** The first sentence below the heading. */
  readonly gist: string;
  /** Blocks of ```bash, in commands. Blocks in other languages are for reading. */
  readonly steps: readonly (readonly string[])[];
};

/** The chapters of a tutorial in Markdown that have something to type, and those above them. @throws Error for what is no bash */
export function readTutorial(markdown: string): Chapter[] {
  const chapters: (Chapter & { steps: string[][] })[] = [];
  const lines = markdown.split("\n")[Symbol.iterator]();
  for (const line of lines) {
    const [, marks, title] = /^(#{2,3}) (.+)$/.exec(line) ?? [];
    if (marks !== undefined && title !== undefined) chapters.push({ level: marks.length, title, gist: "", steps: [] });
    const [, language] = /^```(\w*)$/.exec(line) ?? [];
    const chapter = chapters.at(-1);
    if (language !== undefined) {
      const block: string[] = [];
      for (const inside of lines) {
        if (inside === "```") break;
        block.push(inside);
      }
      if (language === "bash") chapter?.steps.push(commandsOf(block));
    } else if (chapter?.steps.length === 0 && marks === undefined && !/[.?]$/.test(chapter.gist)) {
      chapters[chapters.length - 1] = { ...chapter, gist: firstSentence(`${chapter.gist} ${line}`.trim()) };
    }
  }
  return chapters.filter(
    ({ steps, level }, index) => steps.length > 0 || (level === 2 && chapters[index + 1]?.level === 3 && chapters[index + 1]?.steps.length),
  );
}

/** A command may take several lines: it is over where bash has nothing more to wait for. Comments go with the command below them. */
function commandsOf(block: readonly string[]): string[] {
  const commands: string[] = [];
  let command = "";
  for (const line of block) {
    command = command === "" ? line : `${command}\n${line}`;
    if (/^\s*(#.*)?$/.test(line) || line.endsWith("\\") || !isComplete(command)) continue;
    commands.push(command);
    command = "";
  }
  if (command.trim() !== "") throw new Error(`the tutorial has a block that ends within a command:\n${command}`);
  return commands;
}

function isComplete(command: string): boolean {
  try {
    execFileSync("bash", ["-n", "-c", command], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function firstSentence(paragraph: string): string {
  const plain = paragraph.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/[`_](\S(?:.*?\S)?)[`_]/g, "$1");
  return /^.*?[.?](?= |$)/.exec(plain)?.[0] ?? plain;
}
