import { createInterface } from "node:readline";
import { excerpt } from "./excerpt.js";
import type { Result } from "./bash.js";

const live = process.stdout.isTTY;
const coloured = live && (process.env.NO_COLOR ?? "") === "";
const style = (code: number) => (text: string) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);
export const bold = style(1);
const dim = style(2);
const green = style(32);
const red = style(31);

/** Columns that text is broken at. */
const width = (): number => Math.min(process.stdout.columns || 120, 140);

/** Where results stand: tick and time come before. */
const COLUMN = 12;

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

export function say(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** @param progress stands at the right, as far as there is room */
export function heading(title: string, gist: string, progress: string): void {
  const room = width() - title.length - progress.length;
  say(`${bold(title)}${progress === "" ? "" : `${" ".repeat(Math.max(room, 2))}${dim(progress)}`}`);
  for (const line of gist === "" ? [] : excerpt(gist, width())) say(dim(line));
  say();
}

/** Shows a command while it runs, and then what came of it. */
export async function showing(command: string, latest: () => string, run: () => Promise<Shown>): Promise<Shown> {
  for (const [index, line] of command.split("\n").entries()) say(index === 0 ? `${dim("$")} ${bold(line)}` : `  ${bold(line)}`);
  const start = performance.now();
  let frame = 0;
  const timer = live
    ? setInterval(() => {
        const seconds = time((performance.now() - start) / 1000);
        const line = ` ${FRAMES[frame++ % FRAMES.length] ?? ""} ${seconds} ${latest()}`.slice(0, width() - 1);
        process.stdout.write(`\r\u001b[K${dim(line)}`);
      }, 100)
    : undefined;
  try {
    const shown = await run();
    if (timer) process.stdout.write("\r\u001b[K");
    show(shown);
    return shown;
  } finally {
    clearInterval(timer);
  }
}

export type Shown = Result & {
  /** What a variable has been set to, when that is what the command did. */
  readonly value?: string;
};

function show({ status, out, notes, value, seconds }: Shown): void {
  const room = width() - COLUMN;
  const failed = status !== 0;
  const lines = [notes, value ?? out].filter((text) => text.trim() !== "").flatMap((text) => excerpt(text, room, failed ? 200 : 12));
  if (!failed && lines.length === 0 && seconds < 0.05) return;
  say(`  ${failed ? red("✗") : green("✓")}${dim(time(seconds))}  ${lines[0] ?? ""}`.trimEnd());
  for (const line of lines.slice(1)) say(`${" ".repeat(COLUMN)}${line}`.trimEnd());
}

/** Seven columns. */
function time(seconds: number): string {
  return `${seconds.toFixed(1)} s`.padStart(7);
}

/** Waits for the Enter key, or for the signal. */
export async function enter(signal: AbortSignal): Promise<void> {
  const lines = createInterface({ input: process.stdin, signal });
  process.stdout.write(dim("  Enter goes on "));
  await new Promise<void>((resolve) => {
    lines.once("line", () => {
      resolve();
    });
    lines.once("close", resolve);
  });
  lines.close();
  process.stdout.write("\u001b[1A\u001b[K");
}
