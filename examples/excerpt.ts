import { inspect } from "node:util";

/**
 * What a command has printed, in few lines: JSON in one line if it fits, digests by their beginning, and the middle of long texts left out.
 *
 * @param width columns
 */
export function excerpt(text: string, width: number, lines = 12): string[] {
  const all = compact(shortened(text.trim()), width)
    .split("\n")
    .flatMap((line) => wrapped(line.trimEnd(), width));
  if (all.length <= lines) return all;
  const head = Math.ceil((lines - 1) / 2);
  const tail = lines - 1 - head;
  return [...all.slice(0, head), `… ${all.length - head - tail} lines more …`, ...all.slice(all.length - tail)];
}

/** Digests, certificates and ids of resources by what tells them apart. */
function shortened(text: string): string {
  return text
    .replaceAll(/\b([0-9a-f]{8})[0-9a-f]{24,}\b/g, "$1…")
    .replaceAll(/\b((?:[0-9A-F]{2}:){3})(?:[0-9A-F]{2}:){8,}[0-9A-F]{2}\b/g, "$1…")
    .replaceAll(/\/subscriptions\/[^\s"]+\/(\w+\/[\w-]+)/g, "…/$1")
    .replaceAll(/[A-Za-z0-9+/]{64,}={0,2}/g, (base64) => `${base64.slice(0, 16)}…`)
    .replaceAll("\t", "  ");
}

function compact(text: string, width: number): string {
  if (!/^[[{]/.test(text)) return text;
  try {
    return inspect(JSON.parse(text), { breakLength: width, depth: 1, maxArrayLength: 4, maxStringLength: 200 });
  } catch {
    return text;
  }
}

/** Breaks a line where words end; what follows is indented by two more. */
function wrapped(line: string, width: number): string[] {
  const indent = " ".repeat((/^ */.exec(line)?.[0].length ?? 0) + 2);
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const end = rest.lastIndexOf(" ", width);
    const at = end > width / 2 ? end : width;
    lines.push(rest.slice(0, at));
    rest = `${indent}${rest.slice(at).trimStart()}`;
  }
  return [...lines, rest];
}
