import { existsSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

/** What runs in Node: output name to source. */
const ENTRIES = {
  "cli/commands": "cli/commands.ts",
  "cli/index": "cli/index.ts",
  "sandbox/index": "sandbox/index.ts",
  "sandbox/worker": "sandbox/enclave/worker.ts",
} as const;

/** Left where npm put it: it loads a WebAssembly file from beside itself. */
const EXTERNAL = ["quickjs-emscripten-core", "@jitl/quickjs-wasmfile-release-sync"];

/** CommonJS packages in a bundle of ES modules ask for Node's own modules by `require`. */
const REQUIRE = `import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);`;

/**
 * Bundles the Node side with its dependencies: a command spends a third of its time on finding and loading their files otherwise.
 * Names are relative to `dist/`.
 */
export async function buildNode(root: string): Promise<{ name: string; contents: Uint8Array }[]> {
  const present = Object.entries(ENTRIES).filter(([, source]) => existsSync(path.join(root, source)));
  const outdir = path.join(root, "dist");
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(present),
    outdir,
    chunkNames: "chunks/[hash]",
    bundle: true,
    splitting: true,
    external: EXTERNAL,
    banner: { js: REQUIRE },
    mainFields: ["module", "main"],
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: true,
    sourcesContent: false, // they are at hand
    write: false,
    logLevel: "silent", // the error that is thrown says it all
  });
  return outputFiles.map(({ path: file, contents }) => ({ name: path.relative(outdir, file), contents }));
}
