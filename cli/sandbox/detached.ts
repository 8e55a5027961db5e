import { spawn } from "node:child_process";
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { CommandError, describeFailure } from "../failure.js";
import { installation } from "../installation.js";
import type { Io } from "../io.js";
import { home } from "../profile.js";

/** What the process that runs on tells the one that returns. */
type Report = { readonly ready: unknown } | { readonly failed: string };

/** In the process that runs on: the file that its output goes to. */
const OUTPUT = "CLEANROOM_SANDBOX_OUTPUT";

/** The file that a detached process writes to; undefined in any other. */
export const detachedOutput = (io: Io): string | undefined => io.env[OUTPUT];

/** Runs `cleanroom` with these words in a process of its own, and returns when its service answers. @throws CommandError with its reason */
export async function startDetached(words: readonly string[], io: Io): Promise<unknown> {
  const directory = join(home(io), "sandboxes");
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, `${randomUUID()}.log`);
  const output = await open(file, "w", 0o600);
  const child = spawn(process.execPath, [join(installation(), "bin", "cleanroom.mjs"), ...words], {
    detached: true,
    stdio: ["ignore", output.fd, output.fd, "ipc"],
    env: { ...io.env, [OUTPUT]: file },
  });
  try {
    return await new Promise((resolve, reject) => {
      child.once("message", (report: Report) => {
        if ("ready" in report) resolve(report.ready);
        else reject(new CommandError(report.failed));
      });
      child.once("error", reject);
      child.once("exit", (code, signal) => {
        reject(new CommandError(`the service did not start (${signal ?? `status ${code ?? "unknown"}`}); see ${file}`));
      });
    });
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
    await output.close();
  }
}

/** Ends this process if the one that waits for it goes away before it was told anything. */
export function endWithParent(io: Io): void {
  if (detachedOutput(io) === undefined) return;
  process.once("disconnect", () => process.exit(1));
}

/** Tells the process that waits, if there is one; from then on this one stands alone. */
export function reportReady(ready: unknown, io: Io): boolean {
  process.removeAllListeners("disconnect");
  return report({ ready }, io);
}

export function reportFailure(error: unknown, io: Io): boolean {
  return report({ failed: describeFailure(error).replace(/^error: /, "") }, io);
}

function report(message: Report, io: Io): boolean {
  if (detachedOutput(io) === undefined || !process.send || !process.connected) return false;
  process.send(message);
  return true;
}
