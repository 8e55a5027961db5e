import { rmSync } from "node:fs";

/* Unfinished files, which may be plaintext, go when the process is told to end. */

const drafts = new Set<string>();
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export function remember(draft: string): void {
  if (drafts.size === 0) for (const signal of signals) process.on(signal, abandon);
  drafts.add(draft);
}

export function forget(draft: string): void {
  drafts.delete(draft);
  if (drafts.size === 0) for (const signal of signals) process.off(signal, abandon);
}

function abandon(signal: NodeJS.Signals): void {
  for (const draft of drafts) rmSync(draft, { force: true });
  for (const each of signals) process.off(each, abandon);
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal); // as if nobody had listened
}
