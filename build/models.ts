import { readdir, readFile } from "node:fs/promises";
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
async function moduleOf(value: unknown, name: string, nameOf: (source: SchemaSource) => Promise<string>): Promise<string> {
  if (typeof value === "function") throw new Error("src/model holds schemas, shapes and constants, no functions");
  if (!isDeclared(value)) return `export default ${JSON.stringify(value)};`;
  if (value.kind === "shape") return "export default undefined;";
  if (!value.extension) return validatorModule(value.definition as AnySchema);
  return `
    import base from "model:${await nameOf(value.extension.base)}";
    import own from "model:${name}${OWN}";
    const both = (value) => {
      const refusing = [base, own].find((validator) => !validator(value));
      both.errors = refusing?.errors;
      return !refusing;
    };
    export default both;`;
}

/** Of a schema that extends another, the part that is not that other one's. */
const OWN = ":own";

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
  const folder = path.join(root, "src/model");
  const fileOf = (model: string) => path.join(folder, `${model}.ts`);
  /** `model#Export` of a schema. */
  const nameOf = async (source: SchemaSource): Promise<string> => {
    for (const file of await readdir(folder)) {
      const found = Object.entries(await exportsOf(path.join(folder, file))).find(([, value]) => value === source);
      if (found) return `${path.basename(file, ".ts")}#${found[0]}`;
    }
    throw new Error("a schema extends one that no file of src/model exports");
  };
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
        const [model = "", rest = ""] = specifier.split("#");
        const name = rest.replace(OWN, "");
        const value = (await exportsOf(fileOf(model)))[name];
        if (rest === name) return { contents: await moduleOf(value, specifier, nameOf), loader: "js" };
        return { contents: validatorModule((value as SchemaSource).extension?.own as AnySchema), loader: "js" };
      });
    },
  };
}
