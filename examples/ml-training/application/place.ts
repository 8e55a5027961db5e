import path from "node:path";

/**
 * Where a path of a configuration file is. Mounts stand at the paths that the contract gives them; where a clean room cannot have them
 * there, it says in `CLEANROOM_ROOT` below which folder they are.
 *
 * @param absolute begins with `/`; cannot lead out of that folder
 */
export function placeOf(absolute: string, env: NodeJS.ProcessEnv): string {
  return path.join(env.CLEANROOM_ROOT ?? "/", path.posix.normalize(absolute));
}
