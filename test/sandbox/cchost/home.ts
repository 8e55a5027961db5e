import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { authority, issue } from "../../client/authority.js";

/** How the stand-in behaves; by default like a healthy node. */
export type Behaviour = {
  /** Ends at once, with this complaint. */
  readonly refuse?: string;
  /** Takes no notice of SIGTERM. */
  readonly stubborn?: boolean;
  /** Takes a minute to start. */
  readonly slow?: boolean;
};

/** What the stand-in was given. */
export type Record = {
  readonly words: readonly string[];
  readonly configuration: unknown;
  readonly cwd: string;
  /** Names of variables. */
  readonly environment: readonly string[];
  /** Contents of the files that the configuration names. */
  readonly members: readonly unknown[];
  readonly constitution: readonly string[];
  readonly stopped: boolean;
};

export type Home = { readonly path: string; readonly serviceCertificate: string; readonly record: () => Promise<Record> };

/** A folder laid out as CCF 6 is installed, with a stand-in for `cchost`. */
export async function ccfHome(behaviour: Behaviour = {}): Promise<Home> {
  const path = await temporaryFolder();
  await mkdir(join(path, "bin"));
  await mkdir(join(path, "lib"));
  const executable = join(path, "bin", "cchost");
  await copyFile(new URL("cchost.cjs", import.meta.url), executable);
  await chmod(executable, 0o755);
  const service = authority("CCF Service");
  const node = issue(service);
  const files = {
    "lib/libjs_generic.virtual.so": "",
    "service.pem": service.cert,
    "node.pem": node.cert,
    "node_key.pem": node.key,
    "behaviour.json": JSON.stringify(behaviour),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  return {
    path,
    serviceCertificate: service.cert,
    record: async () => JSON.parse(await readFile(join(path, "record.json"), "utf8")) as Record,
  };
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cchost-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Resolves when there is something in a file. The stand-in heeds SIGTERM before it writes its certificates. */
export async function written(file: string): Promise<void> {
  while ((await readFile(file, "utf8").catch(() => "")) === "") await sleep(20);
}
