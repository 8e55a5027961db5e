import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { member } from "../client/authority.js";
import { shell, type Outcome, type Shell } from "./run.js";

export type SandboxShell = Shell & {
  /** Holds the certificate of one member. */
  readonly members: string;
  /**
   * Starts a service in this process and returns when it is known to run. What the command printed is there when it has ended.
   */
  readonly start: (...options: readonly string[]) => Promise<{ readonly port: string; readonly ended: Promise<Outcome> }>;
  readonly stop: (port: string) => Promise<Outcome>;
};

export async function sandboxShell(env: Readonly<Record<string, string>> = {}): Promise<SandboxShell> {
  const at = await shell(env);
  await writeFile(join(at.folder, "isv_cert.pem"), member("isv").certificate);
  const ports = async (): Promise<string[]> => {
    const { out } = await at.run(["sandbox", "status", "--query", "[].port", "-o", "tsv"]);
    return out.split("\n").filter((line) => line !== "");
  };
  const stop = (port: string): Promise<Outcome> => at.run(["sandbox", "stop", "--port", port]);
  return {
    ...at,
    members: at.folder,
    stop,
    start: async (...options) => {
      const before = await ports();
      let over = false as boolean; // set when the command ends, which the compiler does not see
      const ended = at.run(["sandbox", "start", "--port", "0", ...options]).finally(() => (over = true));
      for (;;) {
        const port = (await ports()).find((candidate) => !before.includes(candidate));
        if (port !== undefined) {
          onTestFinished(async () => {
            if (!over) await stop(port);
            await ended;
          });
          return { port, ended };
        }
        if (over) throw new Error((await ended).notes);
        await sleep(50);
      }
    },
  };
}
