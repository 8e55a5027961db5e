import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");

test("the package holds all that was built, and none of the folders that it was built from", { timeout: 60_000 }, async () => {
  const words = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const { stdout } = await promisify(execFile)("npm", words, { cwd: root, maxBuffer: 2 ** 24 });
  const [{ files }] = JSON.parse(stdout) as [{ readonly files: readonly { readonly path: string }[] }];
  const packed = new Set(files.map(({ path }) => path));
  const manifest = await readFile(join(root, "dist/manifest.json"), "utf8");
  const { artefacts } = JSON.parse(manifest) as { readonly artefacts: Readonly<Record<string, unknown>> };
  const wanted = [
    ...Object.keys(artefacts).map((name) => `dist/${name}`),
    "dist/manifest.json",
    "bin/cleanroom.mjs",
    "README.md",
    "docs/cli.md",
  ];
  expect(wanted.filter((name) => !packed.has(name))).toEqual([]);
  const folders = new Set([...packed].filter((path) => path.includes("/")).map((path) => path.split("/")[0]));
  expect([...folders].sort()).toEqual(["bin", "dist", "docs", "examples"]);
});
