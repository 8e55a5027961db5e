import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { builtFile } from "../../../cli/installation.js";
import { scenarioFiles } from "../../../examples/ml-training/scenario/files.js";

/** Mounts of the application, in a folder that stands for the root. */
export type Mounts = {
  /** The file at a path inside, such as `/mnt/remote/model/model.onnx`. */
  readonly at: (path: string) => string;
  /** Replaces what is in a file. */
  readonly edit: (path: string, change: (text: string) => string) => Promise<void>;
  /** Replaces values of a configuration file; undefined removes. */
  readonly configure: (file: "model_config" | "query_config", change: (value: Record<string, never>) => void) => Promise<void>;
  /** Runs the built application, as a clean room does. */
  readonly run: () => Promise<{ readonly status: number | null; readonly out: string; readonly notes: string }>;
  /** What it left. */
  readonly output: () => Promise<string[]>;
};

/** What the parties of the example bring along, mounted; gone after the test. */
export async function mounts(rows: number, seed: number): Promise<Mounts> {
  const root = await mkdtemp(join(tmpdir(), "ml-training-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const at = (path: string) => join(root, path);
  for (const [name, content] of Object.entries(scenarioFiles(rows, seed))) {
    const [folder = "", file = ""] = name.split("/").slice(-2);
    await mkdir(at(`/mnt/remote/${folder}`), { recursive: true });
    await writeFile(at(`/mnt/remote/${folder}/${file}`), content);
  }
  await mkdir(at("/mnt/remote/output"));
  const edit = async (path: string, change: (text: string) => string) => writeFile(at(path), change(await readFile(at(path), "utf8")));
  return {
    at,
    edit,
    configure: (file, change) =>
      edit(`/mnt/remote/config/${file}.json`, (text) => {
        const value = JSON.parse(text) as Record<string, never>;
        change(value);
        return JSON.stringify(value);
      }),
    run: async () => {
      const image = await mkdtemp(join(tmpdir(), "ml-image-"));
      onTestFinished(() => rm(image, { recursive: true, force: true }));
      await cp(builtFile("examples/ml-training/application"), image, { recursive: true });
      return started(image, {
        CLEANROOM_ROOT: root,
        model_config: at("/mnt/remote/config/model_config.json"),
        query_config: at("/mnt/remote/config/query_config.json"),
      });
    },
    output: () => readdir(at("/mnt/remote/output")),
  };
}

/** Runs the contract's command in the folder of the image, with that environment and the place of node alone. */
function started(image: string, env: NodeJS.ProcessEnv): ReturnType<Mounts["run"]> {
  return new Promise((resolve, reject) => {
    const PATH = `${join(process.execPath, "..")}:/usr/bin:/bin`;
    const child = spawn("/bin/bash", ["run.sh"], { cwd: image, env: { ...env, PATH }, timeout: 30_000 });
    const [out, notes]: [string[], string[]] = [[], []];
    child.stdout.on("data", (data: Buffer) => out.push(data.toString()));
    child.stderr.on("data", (data: Buffer) => notes.push(data.toString()));
    child.once("error", reject);
    child.once("close", (status) => { resolve({ status, out: out.join(""), notes: notes.join("") }); }); // prettier-ignore
  });
}
