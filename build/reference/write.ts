import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { apiReference } from "./api.js";
import { cliReference } from "./cli.js";

/** Writes the references into `docs/`, where the parts of them that people wrote are there. The command is that of `dist/`. */
export async function writeReferences(root: string): Promise<void> {
  if (!existsSync(path.join(root, "docs/parts"))) return;
  await writeFile(path.join(root, "docs/api.md"), await apiReference(root));
  await writeFile(path.join(root, "docs/cli.md"), await cliReference(root));
}
