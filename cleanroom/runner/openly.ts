import { mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Launch, Started } from "./isolation.js";

/** In the environment of an application that is not shut in: the folder below which its mounts are. */
export const ROOT_VARIABLE = "CLEANROOM_ROOT";

/**
 * Starts an application as any process of this user, where a system has no namespaces: mounts are below a folder instead of below `/`, and
 * words of its command and values of its environment that are paths of mounts are changed to that.
 *
 * @param root an empty folder
 */
export async function openly({ command, environment, image, mounts }: Launch, root: string): Promise<Started> {
  for (const { folder, path } of mounts) {
    const place = join(root, path);
    await mkdir(dirname(place), { recursive: true, mode: 0o700 });
    await symlink(folder, place);
  }
  const home = join(root, "tmp");
  await mkdir(home, { recursive: true, mode: 0o700 });
  const moved = moving(
    mounts.map(({ path }) => path),
    root,
  );
  const [file = "", ...args] = command.map(moved);
  const variables = Object.entries(environment).map(([name, value]) => [name, moved(value)]);
  const path = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`;
  return {
    file,
    args,
    env: { PATH: path, HOME: home, ...(Object.fromEntries(variables) as Record<string, string>), [ROOT_VARIABLE]: root },
    cwd: image,
    tells: false,
  };
}

/** Puts a text that is a path of a mount, or begins with one, below a folder; others stay. */
export function moving(places: readonly string[], root: string): (text: string) => string {
  return (text) => (places.some((place) => text === place || text.startsWith(`${place}/`)) ? `${root}${text}` : text);
}
