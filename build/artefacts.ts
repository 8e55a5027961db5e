import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { buildApplication } from "./application.js";
import { canonical } from "./canonical.js";
import { buildConstitution } from "./constitution.js";
import { buildDeclarations } from "./declarations.js";
import { buildExamples } from "./examples.js";
import { type Artefact, manifestOf } from "./manifest.js";
import { buildNode } from "./node.js";
import { readAppMap } from "./appMap.js";
import { documentedRoutes } from "./reference/operations.js";

const utf8 = (text: string) => new TextEncoder().encode(text);

/**
 * Everything that goes into `dist/`, the manifest last. The same sources give the same bytes.
 *
 * @throws Error also where an operation is not documented, or not truly
 */
export async function buildArtefacts(root: string): Promise<Artefact[]> {
  const [{ bundle, packages }, constitution, node, examples] = await Promise.all([
    buildApplication(root),
    existsSync(path.join(root, "constitution/index.ts")) ? buildConstitution(root) : undefined,
    buildNode(root),
    buildExamples(root),
  ]);
  await documentedRoutes(root, await readAppMap(root));
  const { version } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8")) as { readonly version: string };
  const artefacts = [
    { name: "bundle.json", contents: utf8(canonical(bundle)) },
    ...(constitution === undefined ? [] : [{ name: "constitution.js", contents: utf8(constitution) }]),
    ...[...node, ...examples, ...buildDeclarations(root)].sort((a, b) => (a.name < b.name ? -1 : 1)),
  ];
  return [...artefacts, { name: "manifest.json", contents: utf8(`${canonical(manifestOf(artefacts, packages, version))}\n`) }];
}
