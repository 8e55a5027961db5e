import path from "node:path";
import { pathToFileURL } from "node:url";
import { build, type BuildOptions, type Metafile } from "esbuild";
import { disagreements } from "./agreement.js";
import { type AppMap, endpointsOf, type Endpoint, entryModules, readAppMap } from "./appMap.js";
import type { Json } from "./canonical.js";
import { models } from "./models.js";
import { type DeclaredSpec, operationOf } from "./openapi.js";

export type Module = { readonly name: string; readonly module: string };

/** The argument of a `set_js_app` proposal. */
export type Bundle = {
  readonly metadata: { readonly endpoints: Readonly<Record<string, Readonly<Record<string, Endpoint & { readonly openapi: Json }>>>> };
  readonly modules: readonly Module[];
};

/** For each module of the bundle, the npm packages that are in it. */
export type Packages = Readonly<Record<string, readonly string[]>>;

/** What every ES module is built with that CCF's interpreter is to run. */
export const IN_CCF = {
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  platform: "neutral",
  mainFields: ["module", "main"],
  legalComments: "none",
  write: false,
} as const satisfies BuildOptions;

const sourceOf = (root: string, jsModule: string) => path.join(root, "src", jsModule.replace(/\.js$/, ".ts"));

export async function specOf(root: string, { js_module, js_function }: Endpoint): Promise<DeclaredSpec | undefined> {
  const exported = (await import(pathToFileURL(sourceOf(root, js_module)).href)) as Readonly<Record<string, { spec?: DeclaredSpec }>>;
  return exported[js_function]?.spec;
}

/** @throws Error when `app.json` names a function that is not there or not made by `handler`, or contradicts it */
async function describe(root: string, map: AppMap): Promise<Bundle["metadata"]["endpoints"]> {
  const described: Record<string, Record<string, Endpoint & { openapi: Json }>> = {};
  for (const { url, verb, endpoint } of endpointsOf(map)) {
    const spec = await specOf(root, endpoint);
    const complaints = spec ? disagreements(url, endpoint, spec) : [`${endpoint.js_module} has no endpoint ${endpoint.js_function}`];
    if (!spec || complaints.length > 0) throw new Error(`app.json: ${verb} ${url}: ${complaints.join("; ")}`);
    (described[url] ??= {})[verb] = { ...endpoint, openapi: operationOf(spec) };
  }
  return described;
}

function packagesIn(inputs: Metafile["outputs"][string]["inputs"]): string[] {
  const names = Object.keys(inputs).map((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

/**
 * Bundles the application: one ES module for each module that `app.json` names, what they share in `chunks/`.
 *
 * CCF compares names of modules as they stand and resolves relative imports between them, so module names have no leading slash and imports
 * are relative. Clients that read the application back sort the modules, so the modules are sorted here as well.
 */
export async function buildApplication(root: string): Promise<{ bundle: Bundle; packages: Packages }> {
  const map = await readAppMap(root);
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(entryModules(map).map((name) => [name.replace(/\.js$/, ""), sourceOf(root, name)])),
    outdir: path.join(root, "dist/app"),
    chunkNames: "chunks/[hash]",
    ...IN_CCF,
    splitting: true,
    logLevel: "silent", // the error that is thrown says it all
    metafile: true,
    plugins: [models(root)],
  });
  const nameOf = (file: string) => path.relative(path.join(root, "dist/app"), path.resolve(root, file));
  const modules = outputFiles.map(({ path: file, text }) => ({ name: nameOf(file), module: text }));
  return {
    bundle: {
      metadata: { endpoints: await describe(root, map) },
      modules: modules.sort((a, b) => (a.name < b.name ? -1 : 1)),
    },
    packages: Object.fromEntries(Object.entries(metafile.outputs).map(([file, { inputs }]) => [nameOf(file), packagesIn(inputs)])),
  };
}
