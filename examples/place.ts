import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
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

  /** Stops whatever was started here. @throws Error naming what may still run */
  async stop(): Promise<void> {
    if (await this.cloudRuns()) await this.cleanroom("sandbox", "azure", "stop");
    for (const port of await this.sandboxes()) await this.cleanroom("sandbox", "stop", "--port", port);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
