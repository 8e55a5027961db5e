import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { RoomMount } from "./plan.js";
import { privateRoot } from "./privateRoot.js";

/** Whether applications are shut in, or why not. */
export type Isolation = { readonly kind: "namespaces" } | { readonly kind: "none"; readonly reason: string };

/** What an application is started with. */
export type Launch = {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The content of its image, and where it starts. */
  readonly image: string;
  readonly mounts: readonly (RoomMount & { readonly folder: string })[];
};

/** A process to start. */
export type Started = {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Whether it says, on descriptor 3, that what it prepares is done. */
  readonly tells: boolean;
};

/** Where system programs are. The launcher has no other environment: what a contract wants in its own must not touch it. */
const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const NAMESPACES = ["--user", "--map-root-user", "--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child=SIGKILL"];

/**
 * Starts an application in a file system of its own: it sees the system's programs, its image at `/app`, where it starts, its mounts where
 * the contract has them, and an empty `/tmp`; no network, no other process, no variable besides PATH, HOME and those of the contract.
 *
 * @param root an empty folder
 */
export function isolated({ command, environment, image, mounts }: Launch, root: string): Started {
  const node = process.execPath.startsWith("/usr/") ? "" : process.execPath;
  const own = { PATH: node === "" ? SYSTEM_PATH : `/opt/node/bin:${SYSTEM_PATH}`, HOME: "/tmp" };
  const shown = mounts.flatMap(({ readOnly, folder, path }) => [readOnly ? "ro" : "rw", folder, path]);
  const variables = Object.entries({ ...own, ...environment }).map(([name, value]) => `${name}=${value}`);
  // The first process of a namespace is not ended by most signals, so the application is the second.
  const first = ["/bin/sh", "-c", '"$@"; exit $?', "sh", ...command];
  const script = ["/bin/sh", "-c", privateRoot, "sh", root, image, node, ...shown, "--", ...variables, ...first];
  // Whatever ends this process ends the application: nobody else would look after it.
  const args = ["--pdeathsig", "KILL", "unshare", ...NAMESPACES, ...script];
  return { file: "setpriv", args, env: { PATH: SYSTEM_PATH }, cwd: "/", tells: true };
}

/** Finds out whether this system allows it, by trying. @param folder where the room keeps its files */
export async function probeIsolation(folder: string): Promise<Isolation> {
  const root = await mkdtemp(join(folder, "probe-"));
  try {
    const { file, args, env, cwd } = isolated({ command: ["true"], environment: {}, image: root, mounts: [] }, root);
    return await new Promise((resolve) => {
      const child = spawn(file, args, { env, cwd, stdio: ["ignore", "ignore", "pipe", "pipe"] });
      (child.stdio[3] as Readable).resume();
      let said = "";
      child.stderr?.setEncoding("utf8").on("data", (text: string) => (said += text));
      child.once("error", ({ message }) => {
        resolve({ kind: "none", reason: message });
      });
      child.once("close", (code) => {
        const reason = said.trim().split("\n")[0] ?? "";
        resolve(code === 0 ? { kind: "namespaces" } : { kind: "none", reason: reason || `unshare ended with status ${String(code)}` });
      });
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
