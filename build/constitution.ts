import path from "node:path";
import { build } from "esbuild";
import { models } from "./models.js";

/** The constitution as one script. Members read it before they vote: it is not minified, and the comments marked to stay, stay. */
export async function buildConstitution(root: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [path.join(root, "constitution/index.ts")],
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    charset: "utf8",
    legalComments: "inline",
    write: false,
    logLevel: "silent", // the error that is thrown says it all
    plugins: [models(root)],
  });
  return outputFiles[0]?.text ?? "";
}
