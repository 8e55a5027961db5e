import { join, resolve } from "node:path";
import { build, type Plugin } from "esbuild";
import { IN_CCF, type Module } from "../../build/application.js";
import { models } from "../../build/models.js";

const root = resolve(import.meta.dirname, "../..");
const source = (name: string): string => join(root, "src", `${name}.ts`);

/** Functions of the application, by their files, that are parts of a call. */
const PARTS = new Map<string, Readonly<Record<string, string>>>([
  [source("http/body"), { readJson: "JSON of the body" }],
  [source("encoding/base64"), { decodeBase64: "base64: decoding", decodeRecurring: "base64: decoding", encodeBase64: "base64: encoding" }],
  [source("attestation/policy"), { policyOf: "policy", mismatch: "policy", delegatePolicyOf: "policy" }],
]);

/** Whoever imports one of these functions gets it with a stopwatch around it. */
const stopwatch: Plugin = {
  name: "stopwatch",
  setup(bundler) {
    bundler.onResolve({ filter: /^\..*\.js$/ }, ({ path, resolveDir, namespace }) => {
      const file = resolve(resolveDir, path.replace(/\.js$/, ".ts"));
      return namespace === "file" && PARTS.has(file) ? { path: file, namespace: "timed" } : undefined;
    });
    bundler.onLoad({ filter: /.*/, namespace: "timed" }, ({ path }) => {
      const functions = Object.entries(PARTS.get(path) ?? {});
      const contents = [
        `import { timed } from ${JSON.stringify(join(import.meta.dirname, "timed.ts"))};`,
        `import * as own from ${JSON.stringify(path)};`,
        `export * from ${JSON.stringify(path)};`,
        ...functions.map(([name, part]) => `export const ${name} = timed(${JSON.stringify(part)}, own.${name});`),
      ];
      return { contents: contents.join("\n"), loader: "js", resolveDir: root };
    });
  },
};

/** Modules of the application, bundled as the build does, but for the stopwatch. @param names as in `app.json` */
export async function timedModules(names: readonly string[]): Promise<readonly Module[]> {
  const sources = names.map((name) => source(name.replace(/\.js$/, "")));
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: sources,
    outbase: join(root, "src"),
    outdir: root,
    ...IN_CCF,
    plugins: [stopwatch, models(root)],
  });
  return outputFiles.map(({ path, text }) => ({ name: path.slice(root.length + 1), module: text }));
}
