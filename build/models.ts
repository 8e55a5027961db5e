import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { AnySchema } from "ajv";
import type { Plugin } from "esbuild";
import type { SchemaSource, Shape } from "../src/model/schema.js";
import { validatorModule } from "./validators.js";

type Declared = SchemaSource | Shape<unknown>;

const isDeclared = (value: unknown): value is Declared =>
  typeof value === "object" && value !== null && "kind" in value && "definition" in value;

/** What an export of a model becomes: an ES module with the thing as its default export. */
function moduleOf(value: unknown): string {
  if (typeof value === "function") throw new Error("src/model holds schemas, shapes and constants, no functions");
  if (!isDeclared(value)) return `export default ${JSON.stringify(value)};`;
  return value.kind === "schema" ? validatorModule(value.definition as AnySchema) : "export default undefined;";
}

const exportsOf = async (file: string) => (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;

/** Matches `import { A, type B } from "../model/area.js";` but no `import type`. */
const MODEL_IMPORT = /^import \{([^}]+)\} from "(?:\.\.?\/)+model\/(\w+)\.js";$/gm;

/**
 * Imports each name from its own module instead of from the model: the bundler cuts shared code between modules, not within one, and an
 * endpoint should load the validators it uses and no others.
 */
const importedOneByOne = (source: string) =>
  source.replace(MODEL_IMPORT, (_, names: string, model: string) =>
    names
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "" && !name.startsWith("type "))
      .map((name) => `import { default as ${name} } from "model:${model}#${name}";`)
      .join(" "),
  );

/**
 * Replaces the exports of `src/model/` by what the running application needs of them: those made by `schema` by their compiled validators,
 * those made by `shape` by undefined. Anything else must be a JSON value and is written down as such.
 */
export function models(root: string): Plugin {
  const fileOf = (model: string) => path.join(root, "src/model", `${model}.ts`);
  return {
    name: "models",
    setup(build) {
      build.onLoad({ filter: /\/src\/.+\.ts$/ }, async ({ path: file }) => {
        const model = path.basename(file, ".ts");
        if (file !== fileOf(model)) return { contents: importedOneByOne(await readFile(file, "utf8")), loader: "ts" };
        const names = Object.keys(await exportsOf(file));
        return { contents: names.map((name) => `export { default as ${name} } from "model:${model}#${name}";`).join("\n"), loader: "js" };
      });

      build.onResolve({ filter: /^model:/ }, ({ path: specifier }) => ({
        path: specifier.slice("model:".length),
        namespace: "model",
        sideEffects: false,
      }));

      build.onLoad({ filter: /.*/, namespace: "model" }, async ({ path: specifier }) => {
        const [model = "", name = ""] = specifier.split("#");
        return { contents: moduleOf((await exportsOf(fileOf(model)))[name]), loader: "js" };
      });
    },
  };
}
