import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "..");

/** A folder of its own to play in, with `cleanroom` on the path. What commands remember and start belongs to it alone. */
export class Place {
  private constructor(readonly folder: string) {}

  static async make(): Promise<Place> {
    const folder = await mkdtemp(join(tmpdir(), "cleanroom-demo-"));
    await mkdir(join(folder, ".bin"));
    await symlink(join(root, "bin", "cleanroom.mjs"), join(folder, ".bin", "cleanroom"));
    return new Place(folder);
  }

  get env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      PATH: `${join(this.folder, ".bin")}${delimiter}${process.env.PATH ?? ""}`,
      CLEANROOM_HOME: join(this.folder, ".cleanroom"),
    };
  }

  /** @returns what a command prints @throws Error when it fails */
  async cleanroom(...words: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)("cleanroom", words, { cwd: this.folder, env: this.env });
    return stdout;
  }

  /** Ports of the sandboxes that run. */
  async sandboxes(): Promise<string[]> {
    const ports = await this.cleanroom("sandbox", "status", "--query", "[].port", "--output", "tsv");
    return ports.split("\n").filter((port) => port !== "");
  }

  async cloudRuns(): Promise<boolean> {
    return this.cleanroom("sandbox", "azure", "status").then(
      () => true,
      () => false,
    );
  }

  /** Stops whatever was started here: clean rooms first, since they use the rest. @throws Error */
  async stop(): Promise<void> {
    for (const pid of await this.#rooms()) await ended(pid);
    if (await this.cloudRuns()) await this.cleanroom("sandbox", "azure", "stop");
    for (const port of await this.sandboxes()) await this.cleanroom("sandbox", "stop", "--port", port);
  }

  /** Processes of the clean rooms that run: each has a folder, with a file `running` as long as it does. */
  async #rooms(): Promise<number[]> {
    const rooms = join(this.folder, ".cleanroom", "rooms");
    const names = await readdir(rooms).catch(() => []);
    const running = names.filter((name) => existsSync(join(rooms, name, "running")));
    return Promise.all(
      running.map(async (name) => (JSON.parse(await readFile(join(rooms, name, "status.json"), "utf8")) as { pid: number }).pid),
    );
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Asks a process to end, and returns when it has; after ten seconds it is not asked any more. */
async function ended(pid: number): Promise<void> {
  const deadline = performance.now() + 10_000;
  try {
    process.kill(pid, "SIGTERM");
    while (performance.now() < deadline) {
      await sleep(50);
      process.kill(pid, 0);
    }
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
