import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

/** Applications of the examples, each a folder that is the content of an image. */
const APPLICATIONS = ["examples/ml-training/application"] as const;

/**
 * The images of the examples: the program with the libraries that it uses, as one file for Node, and beside it what else is in its folder; the
 * sources go into `source/`, so that whoever is asked to agree can read what runs. Names are relative to `dist/`.
 */
export async function buildExamples(root: string): Promise<{ name: string; contents: Uint8Array }[]> {
  const present = APPLICATIONS.filter((folder) => existsSync(path.join(root, folder)));
  return (await Promise.all(present.map((folder) => imageOf(root, folder)))).flat();
}

async function imageOf(root: string, folder: string): Promise<{ name: string; contents: Uint8Array }[]> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [path.join(folder, "main.ts")],
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    write: false,
    logLevel: "silent", // the error that is thrown says it all
  });
  const listed = await readdir(path.join(root, folder), { recursive: true, withFileTypes: true });
  const files = listed.filter((entry) => entry.isFile()).map((entry) => path.relative(path.join(root, folder), path.join(entry.parentPath, entry.name))); // prettier-ignore
  const copies = files.sort().map(async (file) => {
    const contents = await readFile(path.join(root, folder, file));
    return { name: path.join(folder, file.endsWith(".ts") ? path.join("source", file) : file), contents };
  });
  const program = outputFiles.map(({ contents }) => ({ name: path.join(folder, "main.mjs"), contents }));
  return [...program, ...(await Promise.all(copies))];
}
