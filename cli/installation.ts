import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CommandError } from "./failure.js";

/** The folder of this installation: the nearest one above this file that holds package.json. */
export function installation(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) throw new CommandError(`${start} is not inside an installation: package.json is missing`);
  }
}

/** A file that `npm run build` makes. @throws CommandError when there is none */
export function builtFile(name: string): string {
  const file = join(installation(), "dist", name);
  if (!existsSync(file)) throw new CommandError(`${file} is missing: run npm run build`);
  return file;
}
