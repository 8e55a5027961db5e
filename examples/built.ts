import { spawnSync } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** What the build makes `dist/` of. */
const sources = ["app.json", "azure", "build", "cleanroom", "cli", "client", "constitution", "examples/ml-training", "sandbox", "src"];

/** Builds what is not built, or was before the sources changed. A build that is current stays: others may be running from it. @throws Error */
export async function ensureBuilt(): Promise<void> {
  const built = await changed(join(root, "dist", "manifest.json"));
  const newest = Math.max(...(await Promise.all(sources.map((name) => newestIn(join(root, name))))));
  if (newest <= built) return;
  const { status } = spawnSync("npm", ["run", "build"], { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error("The build failed. After a change of versions, npm ci comes first.");
}

async function newestIn(place: string): Promise<number> {
  const entries = (await stat(place)).isDirectory() ? await readdir(place, { recursive: true }) : [];
  const times = await Promise.all(entries.filter((name) => !name.endsWith(".md")).map((name) => changed(join(place, name))));
  return Math.max(await changed(place), ...times);
}

/** Milliseconds; 0 where there is nothing. */
async function changed(file: string): Promise<number> {
  return stat(file).then(
    (found) => (found.isDirectory() ? 0 : found.mtimeMs),
    () => 0,
  );
}
