import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { CommandError } from "./failure.js";
import { builtFile } from "./installation.js";
import { readText } from "./io.js";
import { isObject, readJsonObject } from "./json.js";

/** What `npm run build` made at one time, as its manifest tells. */
export type Release = {
  /** `MAJOR.MINOR.PATCH` */
  readonly version: string;
  /** `sha256:` and hex digits, like the others. */
  readonly constitution: string;
  readonly application: string;
  /** Of the manifest itself, and so of all that was built. */
  readonly digest: string;
  /** The application as it was built, which may lie beside the manifest. */
  readonly bundleFile: string;
};

/** Reads the manifest of a release; without a file, of this installation. @throws CommandError */
export async function readRelease(file = builtFile("manifest.json")): Promise<Release> {
  const { version, artefacts } = await readJsonObject(file);
  const digestOf = (name: string): string => {
    const artefact = isObject(artefacts) ? artefacts[name] : undefined;
    const sha256 = isObject(artefact) ? artefact.sha256 : undefined;
    if (typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256)) return `sha256:${sha256}`;
    throw new CommandError(`${file} is not the manifest of a release: it tells no digest of ${name}`);
  };
  if (typeof version !== "string") throw new CommandError(`${file} is not the manifest of a release: it tells no version`);
  return {
    version,
    constitution: digestOf("constitution.js"),
    application: digestOf("bundle.json"),
    digest: `sha256:${createHash("sha256")
      .update(await readText(file))
      .digest("hex")}`,
    bundleFile: join(dirname(file), "bundle.json"),
  };
}

/** Whether a version comes after another. */
export function isLater(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split(/[.+-]/).map(Number));
  for (const [index, part] of (a ?? []).entries()) {
    const other = b?.[index] ?? 0;
    if (part !== other) return part > other;
  }
  return false;
}
