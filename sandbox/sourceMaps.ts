import { SandboxError } from "./error.js";

/** @throws SandboxError for a map that is no JSON object */
export function requireSourceMaps(maps: Readonly<Record<string, string>>): void {
  for (const [module, map] of Object.entries(maps)) {
    try {
      if (typeof (JSON.parse(map) as { mappings?: unknown } | null)?.mappings === "string") continue;
    } catch {
      // said below
    }
    throw new SandboxError(`the source map of ${module} is no source map: give the JSON that the bundler writes beside the module`);
  }
}
