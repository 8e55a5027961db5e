import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openCloud } from "../../../azure/cloud.js";
import { main } from "../../../cli/index.js";
import { member } from "../../client/authority.js";
import type { Outcome } from "../run.js";

export const contractId = "collab1-copy";
export const image = `copies.example/copy@sha256:${"c0".repeat(32)}`;
export const plaintext = "a plaintext that nobody else may read\n";

/** A sandbox, a local cloud, and two members who have agreed on a contract whose application reads one folder and writes another. */
export type World = {
  readonly folder: string;
  readonly home: string;
  readonly run: (...argv: readonly string[]) => Promise<Outcome>;
  /** As `run`, of what has to succeed. @returns what it printed */
  readonly succeed: (...argv: readonly string[]) => Promise<string>;
  readonly as: (name: "tdp" | "tdc", ...argv: readonly string[]) => Promise<string>;
  /** What the members agreed on. */
  readonly template: string;
  /** A registry that has this script as the content of the image. */
  readonly images: (script: string) => Promise<string>;
  readonly clean: (name: string, script: string, ...more: readonly string[]) => Promise<Outcome>;
  /** Switches logging or telemetry, with everybody's vote. */
  readonly switchTo: (option: "logging" | "telemetry", action: "enable" | "disable") => Promise<void>;
  readonly execution: (action: "enable" | "disable") => Promise<string>;
  /** What is stored in a container, as it is. */
  readonly stored: (container: string) => Promise<readonly { readonly name: string; readonly content: Buffer }[]>;
  readonly emptied: (container: string) => Promise<void>;
};

type Resources = {
  readonly kek: { readonly kv: { readonly id: string } };
  readonly dek: { readonly kv: { readonly id: string } };
  readonly sa: { readonly id: string };
  readonly mi: { readonly id: string };
  readonly maa_endpoint: string;
};

export async function world(end: (stop: () => Promise<unknown>) => void): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "cleanroom-room-"));
  end(() => rm(folder, { recursive: true, force: true }));
  const home = join(folder, "home");
  const run = async (...argv: readonly string[]): Promise<Outcome> => {
    const out: string[] = [];
    const notes: string[] = [];
    const env = { PATH: process.env.PATH, CLEANROOM_HOME: home };
    const io = { env, out: (text: string) => out.push(text), note: (line: string) => notes.push(line), stdin: () => Promise.resolve("") };
    const status = await main(argv, io);
    return { status, out: out.join(""), notes: notes.join("\n") };
  };
  const succeed = async (...argv: readonly string[]): Promise<string> => {
    const { status, out, notes } = await run(...argv);
    if (status !== 0) throw new Error(`${argv.join(" ")}: ${notes}`);
    return out.trimEnd();
  };
  const as = (name: string, ...argv: readonly string[]): Promise<string> => succeed(...argv, "--governance-client", name);
  const serve = async (
    argv: readonly string[],
    answers: readonly string[],
    stop: (answer: string) => readonly string[],
  ): Promise<string> => {
    let over: Outcome | undefined;
    const ended = run(...argv).then((outcome) => (over = outcome));
    for (;;) {
      const { status, out } = await run(...answers);
      const answer = out.trim();
      if (status === 0 && answer !== "") {
        end(async () => {
          await run(...stop(answer));
          await ended;
        });
        return answer;
      }
      if (over) throw new Error(over.notes);
      await sleep(50);
    }
  };

  const members = join(folder, "members");
  await mkdir(members);
  for (const name of ["tdp", "tdc"]) {
    const { certificate, keyPem } = member(name);
    await writeFile(join(name === "tdp" ? members : folder, `${name}_cert.pem`), certificate);
    await writeFile(join(folder, `${name}_privk.pem`), keyPem, { mode: 0o600 });
  }
  await cp(join(members, "tdp_cert.pem"), join(folder, "tdp_cert.pem"));
  const sandbox = ["sandbox", "start", "--members", members, "--port", "0", "--virtual-tee", "--signature-interval-ms", "20"];
  const url = await serve(sandbox, ["sandbox", "status", "--query", "[0].url", "-o", "tsv"], (answer) => [
    "sandbox",
    "stop",
    "--port",
    new URL(answer).port,
  ]);
  const tenant = ["sandbox", "azure", "status", "--query", "tenantId", "-o", "tsv"];
  const tenantId = await serve(["sandbox", "azure", "start"], tenant, () => ["sandbox", "azure", "stop"]);
  const deploy = (name: string): Promise<string> =>
    succeed(
      ...["governance", "client", "deploy", "--ccf-endpoint", url, "--name", name],
      ...["--signing-cert", join(folder, `${name}_cert.pem`), "--signing-key", join(folder, `${name}_privk.pem`)],
    );
  const vote = (name: string, id: string): Promise<string> =>
    as(name, "governance", "proposal", "vote", "--proposal-id", id, "--action", "accept");
  await deploy("tdp");
  await as("tdp", "governance", "member", "activate");
  await as("tdp", "governance", "service", "deploy");
  const added = ["--certificate", join(folder, "tdc_cert.pem"), "--identifier", "tdc", "--tenant-id", tenantId];
  await vote("tdp", await as("tdp", "governance", "member", "add", ...added, "--query", "proposalId", "-o", "tsv"));
  await deploy("tdc");
  await as("tdc", "governance", "member", "activate");

  // The data of tdc.
  const group = ["--resource-group", "consumer"];
  const made = JSON.parse(await succeed("sandbox", "azure", "create-resources", ...group, "--kv-type", "akvpremium")) as Resources;
  const config = ["--cleanroom-config", join(folder, "config")];
  await succeed("config", "init", ...config);
  await succeed("config", "set-kek", "--kek-key-vault", made.kek.kv.id, "--maa-url", made.maa_endpoint, ...config);
  const where = ["--storage-account", made.sa.id, "--identity", made.mi.id, "--dek-key-vault", made.dek.kv.id, ...config];
  await succeed("config", "add-datasource", "--name", "input", ...where);
  await mkdir(join(folder, "input"));
  await writeFile(join(folder, "input", "data.txt"), plaintext);
  await succeed("datasource", "upload", "--name", "input", "--dataset-folder", join(folder, "input"), ...config);
  await succeed("config", "add-datasink", "--name", "output", ...where);
  await succeed("config", "set-logging", ...where);
  await succeed("config", "set-telemetry", ...where);
  await succeed(
    ...["config", "add-application", "--name", "copy", "--image", image, "--command", "/bin/sh run.sh"],
    ...["--mounts", "src=input,dst=/mnt/input", "src=output,dst=/mnt/output", "--env-vars", "SOURCE=/mnt/input/data.txt"],
    ...["--cpu", "0.5", "--memory", "1", ...config],
  );

  // What is agreed on.
  const about = ["--contract-id", contractId];
  await as("tdc", "governance", "contract", "create", "--id", contractId, "--data", await succeed("config", "view", ...config));
  const shown = (query: string): Promise<string> =>
    as("tdc", "governance", "contract", "show", "--id", contractId, "--query", query, "-o", "tsv");
  await as("tdc", "governance", "contract", "propose", "--id", contractId, "--version", await shown("version"));
  const proposal = await shown("proposalId");
  for (const name of ["tdp", "tdc"]) {
    await as(name, "governance", "contract", "vote", "--id", contractId, "--proposal-id", proposal, "--action", "accept");
  }
  await as("tdc", "deployment", "generate", ...about, "--output-dir", folder);
  const template = join(folder, "cleanroom-arm-template.json");
  const both = async (...argv: readonly string[]): Promise<void> => {
    const id = await as("tdc", ...argv, ...about, "--query", "proposalId", "-o", "tsv");
    for (const name of ["tdp", "tdc"]) await vote(name, id).catch(() => undefined); // what is switched off needs no vote
  };
  await both("governance", "deployment", "template", "propose", "--template-file", template);
  await both("governance", "deployment", "policy", "propose", "--policy-file", join(folder, "cleanroom-governance-policy.json"));
  await as("tdc", "config", "wrap-deks", ...about, ...config);
  await as("tdc", "setup-access", ...group, ...about);

  const images = async (script: string): Promise<string> => {
    const content = await mkdtemp(join(folder, "image-"));
    await writeFile(join(content, "run.sh"), script);
    const file = `${content}.json`;
    await writeFile(file, JSON.stringify({ images: [{ image, folder: content }] }));
    return file;
  };
  const container = async (name: string) => {
    const cloud = await openCloud(home, {});
    return cloud.blobs(cloud.blobEndpointOf(made.sa.id)).container(name);
  };
  return {
    folder,
    home,
    run,
    succeed,
    as,
    template,
    images,
    clean: async (name, script, ...more) =>
      run("deployment", "run", "--name", name, "--template-file", template, "--images", await images(script), ...more),
    switchTo: (option, action) => both("governance", "contract", "runtime-option", "propose", "--option", option, "--action", action),
    execution: (action) =>
      as("tdp", "governance", "contract", "runtime-option", "set", "--option", "execution", "--action", action, ...about),
    stored: async (name) => {
      const blobs = await container(name);
      const found = [];
      for await (const blob of blobs.list()) {
        const chunks: Uint8Array[] = [];
        for await (const chunk of (await blobs.get(blob.name)).content) chunks.push(chunk);
        found.push({ name: blob.name, content: Buffer.concat(chunks) });
      }
      return found;
    },
    emptied: async (name) => {
      const blobs = await container(name);
      for await (const { name: blob } of blobs.list()) await blobs.remove(blob);
    },
  };
}

/** All files below a folder, with their contents. */
export async function filesBelow(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(file)] as const)));
}
