import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { buildArtefacts } from "./artefacts.js";
import type { Artefact, Manifest } from "./manifest.js";
import { writeReferences } from "./reference/write.js";

/* Builds everything into `dist/`, and the references in `docs/` from that; or everything into the folder given with `--out`. */

/** What an earlier build wrote into the folder, by its manifest. */
async function earlier(folder: string): Promise<string[]> {
  const manifest = path.join(folder, "manifest.json");
  if (!existsSync(manifest)) return [];
  return Object.keys((JSON.parse(await readFile(manifest, "utf8")) as Manifest).artefacts);
}

/** Writes the files, then removes those that only an earlier build had: who runs from the folder finds it whole at any time. */
async function write(folder: string, artefacts: readonly Artefact[]): Promise<void> {
  const before = await earlier(folder);
  for (const { name, contents } of artefacts) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, contents);
  }
  const now = new Set(artefacts.map(({ name }) => name));
  for (const name of before) if (!now.has(name)) await rm(path.join(folder, name), { force: true });
}

const root = path.dirname(import.meta.dirname);
const dist = path.join(root, "dist");
const { values } = parseArgs({ options: { out: { type: "string", default: dist } } });
try {
  const artefacts = await buildArtefacts(root);
  await write(values.out, artefacts);
  if (values.out === dist) await writeReferences(root);
  const bytes = artefacts.reduce((sum, { contents }) => sum + contents.byteLength, 0);
  console.log(`${path.relative(process.cwd(), values.out) || "."}: ${artefacts.length} files, ${Math.ceil(bytes / 1024)} KB`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
